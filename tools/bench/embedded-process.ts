// A process with the embedded Kubernetes: DATA is its folder, NODES how many nodes it simulates; `alone` = the API server only.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startCluster } from '@cluster/embedded';
import type { ProcessState } from './peers.ts';

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

const resolution = 5;
const delays = monitorEventLoopDelay({ resolution });
delays.enable();
// The time between two looks, of which the pause between them is not to be counted.
const heldUpMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);
process.on('message', () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const state: ProcessState = {
    heapBytes: heapUsed,
    buffersBytes: arrayBuffers,
    loopP99Ms: heldUpMs(delays.percentile(99)),
    loopMaxMs: heldUpMs(delays.max),
  };
  delays.reset();
  process.send?.(state);
});
