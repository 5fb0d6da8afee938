import { parseArgs } from 'node:util';
import { createLogger } from '@kit/base';
import { startCluster } from '@cluster/embedded';
import { openDataFolder } from './data-folder.ts';

/** The embedded Kubernetes alone, as a control plane for tests: prints one line with the kubeconfig's path when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: './data' },
      port: { type: 'string', default: '0' },
      nodes: { type: 'string', default: '3' },
    },
  });
  const folder = openDataFolder(values.data);
  const log = createLogger({ level: 'warn' });
  const cluster = await startCluster({
    dataDir: folder.file('cluster'),
    port: Number(values.port),
    nodes: Number(values.nodes),
    log,
  });
  const kubeconfig = folder.writePrivate('kubeconfig', cluster.kubeconfig);
  process.stdout.write(`ready ${kubeconfig}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await cluster.stop();
  folder.release();
  process.exit(0); // kept-alive sockets of others must not hold a stopped cluster
}

main().catch((error: unknown) => {
  process.stderr.write(`freehold cluster: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
