import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatformProcess } from '../platform-process.ts';
import { mebibytes, type Figure } from './report.ts';

/** First and second start of the whole platform, and its memory at rest. */
export async function startFigures(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  try {
    const first = await startPlatformProcess(dataDir);
    await first.stop();
    const second = await startPlatformProcess(dataDir);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const idle = second.memoryBytes();
    const before = second.cpuSeconds();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const idleCpu = (second.cpuSeconds() - before) / 5;
    await second.stop();
    return [
      { what: 'first start to ready', value: `${(first.readyMs / 1000).toFixed(2)} s` },
      {
        what: 'second start to ready',
        value: `${(second.readyMs / 1000).toFixed(2)} s`,
        budget: '3 s',
        peer: 'kube-apiserver 1.36 + etcd alone: 2.8 - 3.1 s',
      },
      {
        what: 'memory at rest',
        value: mebibytes(idle),
        budget: '250 MB',
        peer: 'kube-apiserver + etcd alone: 302 - 315 MB',
      },
      { what: 'CPU at rest', value: `${(idleCpu * 100).toFixed(1)} % of a core` },
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
