export type { ClusterClient, ClusterObject, ClusterWatchEvent, ResourceRef } from './client.ts';
