export { backupCluster } from './backup/backup-cluster.ts';
export { restoreCluster } from './backup/restore-cluster.ts';
export type { ClusterClient, ClusterObject, ClusterWatchEvent, ResourceRef } from './client.ts';
export { startCluster } from './start-cluster.ts';
export type { Cluster, ClusterOptions } from './start-cluster.ts';
