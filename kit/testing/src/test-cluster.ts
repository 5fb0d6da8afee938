import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, type Cluster, type ClusterOptions } from '@cluster/embedded';

export interface TestCluster extends Cluster {
  readonly kubeconfigFile: string;
}

/** The embedded Kubernetes alone, in this process and on a free port; its kubeconfig is in a file for other programs. */
export async function startTestCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const cluster = await startCluster({ podDelayScale: 0, ...options });
  const folder = mkdtempSync(join(tmpdir(), 'test-cluster-'));
  const kubeconfigFile = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigFile, cluster.kubeconfig, { mode: 0o600 });
  return {
    ...cluster,
    kubeconfigFile,
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
