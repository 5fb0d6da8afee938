import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../root.mjs';
import type { Figure } from './report.ts';

interface BenchReport {
  readonly files: readonly { readonly groups: readonly { readonly benchmarks: readonly Benchmark[] }[] }[];
}

interface Benchmark {
  readonly name: string;
  /** Milliseconds. */
  readonly mean: number;
  readonly p99: number;
}

/** Time of one authorization decision among 20,000 bindings, in this process. */
export async function authorizationFigures(): Promise<Figure[]> {
  const output = join(mkdtempSync(join(tmpdir(), 'freehold-bench-')), 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  execFileSync(process.execPath, [vitest, 'bench', '--run', 'features/iam/bench', `--outputJson=${output}`], {
    cwd: root,
    stdio: 'ignore',
  });
  const report = JSON.parse(readFileSync(output, 'utf8')) as BenchReport; // vitest's own file
  return report.files
    .flatMap((file) => file.groups)
    .flatMap((group) => group.benchmarks)
    .map(({ name, mean, p99 }) => ({
      what: `authorize: ${name}`,
      value: `${(mean * 1000).toFixed(1)} µs, p99 ${(p99 * 1000).toFixed(1)} µs`,
      budget: '20 µs',
    }));
}
