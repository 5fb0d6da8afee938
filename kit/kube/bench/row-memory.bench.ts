import { kinds, type KubeObject } from '../src/index.ts';
import { RowIndex } from '../src/row-index.ts';
import { rowOf } from '../src/row.ts';

// What a view keeps of an object: run with `node --expose-gc --import tsx kit/kube/bench/row-memory.bench.ts`.
const count = 50_000;

function pod(at: number): KubeObject {
  const labels = { app: `shop-${at % 100}`, 'pod-template-hash': `${at % 1000}` };
  const metadata = {
    name: `pod-${at}`,
    namespace: `project-${at % 200}`,
    uid: `uid-${at}`,
    resourceVersion: `${at}`,
    labels,
  };
  return JSON.parse(JSON.stringify({ metadata, spec: { filler: 'x'.repeat(2300) } })) as KubeObject; // as it comes from the wire
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const before = usedBytes();
const index = new RowIndex();
const startedMs = performance.now();
for (let at = 0; at < count; at++) index.put(rowOf(kinds.pods, pod(at)));
const tookMs = performance.now() - startedMs;
const sizes = [...index.rows()].reduce((sum, row) => sum + row.json.byteLength, 0) / count;
process.stdout.write(
  `${count} rows of ${Math.round(sizes)} bytes: ${Math.round((usedBytes() - before) / count)} bytes each in memory, ${Math.round(tookMs)} ms to take in\n`,
);
