import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedDifferences } from './allowed-differences.ts';
import { differences } from './normalise.ts';
import { readRecording } from './recording.ts';
import { scenarios } from './scenarios/all-scenarios.ts';
import { startAlone } from './start-alone.ts';
import { transcribe } from './transcript.ts';
import type { TranscriptLine } from './transcript.ts';

// The requests of each scenario are made of this server, in the order in which a real kube-apiserver 1.36.3 was asked;
// its answers are in recordings/. `npm run difftest:real` asks both anew.

interface Different {
  readonly key: string;
  readonly request: string;
  readonly found: readonly string[];
}

let server: Awaited<ReturnType<typeof startAlone>>;
beforeAll(async () => {
  server = await startAlone();
});
afterAll(() => server.stop());

const keyOf = (scenario: string, { name }: TranscriptLine): string => `${scenario}/${name}`;

describe.sequential('answers are those of a real API server', () => {
  test.each(Object.entries(scenarios))('%s', { timeout: 60_000 }, async (scenario, steps) => {
    const lines = await transcribe(server.access, steps);
    const expected = readRecording(scenario);
    expect(lines.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    const different = lines.flatMap((line, index): Different[] => {
      const found = differences(expected[index], line);
      return found.length > 0 ? [{ key: keyOf(scenario, line), request: line.request, found: found.slice(0, 5) }] : [];
    });
    expect(different.filter(({ key }) => !(key in allowedDifferences))).toEqual([]);
    // what the list allows must differ, or it has to go from the list
    const allowed = Object.keys(allowedDifferences).filter((key) => key.startsWith(`${scenario}/`));
    expect(allowed.filter((key) => !different.some((line) => line.key === key))).toEqual([]);
  });
});
