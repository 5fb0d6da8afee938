import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Recorded } from './recorded.ts';

/** The probes whose answers are kept. */
export type ProbeName = 'creations' | 'updates';

const fileOf = (name: ProbeName): URL => new URL(`./recordings/${name}.jsonl.gz`, import.meta.url);

/** What a real kube-apiserver said to the probes, one line each. */
export function readRecording(name: ProbeName): Recorded[] {
  const lines = gunzipSync(readFileSync(fileOf(name)))
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Recorded); // written by `writeRecording`
}

export function writeRecording(name: ProbeName, answers: readonly Recorded[]): void {
  const text = answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
  writeFileSync(fileOf(name), gzipSync(text, { level: 9 }));
}
