import { readFileSync, writeFileSync } from 'node:fs';
import { normalise } from './normalise.ts';
import type { TranscriptLine } from './transcript.ts';

const fileOf = (scenario: string): URL => new URL(`./recordings/${scenario}.jsonl`, import.meta.url);

/** What the real API server has answered to a scenario. */
export function readRecording(scenario: string): TranscriptLine[] {
  const lines = readFileSync(fileOf(scenario), 'utf8').trim().split('\n');
  const recorded = lines.map((line) => JSON.parse(line) as TranscriptLine); // written by `writeRecording`
  // a recording may be older than a rule of normalisation
  return recorded.map((line) => ('body' in line ? { ...line, body: normalise(line.body) } : line));
}

export function writeRecording(scenario: string, lines: readonly TranscriptLine[]): void {
  writeFileSync(fileOf(scenario), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
