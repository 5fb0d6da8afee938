// A process with the embedded Kubernetes: DATA is its folder, NODES how many nodes it simulates; `alone` = the API server only.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '@cluster/embedded';

const [dataDir = '', nodes = 'alone'] = process.argv.slice(2);
const cluster = await startCluster({
  dataDir: join(dataDir, 'cluster'),
  port: 0,
  ...(nodes === 'alone' ? { controllers: false } : { nodes: Number(nodes) }),
});
const kubeconfig = join(dataDir, 'kubeconfig');
writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
process.stdout.write(`ready ${kubeconfig}\n`);
process.once('SIGTERM', () => void cluster.stop().then(() => process.exit(0)));
