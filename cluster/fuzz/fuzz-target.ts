import { ApiError } from '@kit/base';
import { mutateBytes } from './mutate-bytes.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/** What a reader did with an input that it should not have done. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly problem: string;
  /** The input, base64. */
  readonly input: string;
}

/** A reader that takes longer than this for 64 KiB can be made to stop the server for everybody. */
const slowMs = 2000;

async function problemWith(target: Target, input: Buffer): Promise<string | undefined> {
  const before = process.cpuUsage();
  try {
    await target.read(input);
  } catch (error) {
    if (!(error instanceof ApiError)) return String(error instanceof Error ? error.stack : error);
  }
  const { user, system } = process.cpuUsage(before); // what else runs on the machine does not count
  const tookMs = (user + system) / 1000;
  return tookMs > slowMs ? `took ${Math.round(tookMs)} ms` : undefined;
}

/** Gives the reader `count` broken inputs, the same for the same seed. */
export async function fuzzTarget(target: Target, seed: number, count: number): Promise<Finding[]> {
  const random = new Random(seed);
  const findings: Finding[] = [];
  for (let turn = 0; turn < count; turn++) {
    const input = mutateBytes(target.seeds, random);
    const problem = await problemWith(target, input);
    if (problem) findings.push({ target: target.name, seed, problem, input: input.toString('base64') });
  }
  return findings;
}
