import { readFileSync } from 'node:fs';
import { ApiAccess } from './api-access.ts';
import { differences } from './normalise.ts';
import { writeRecording } from './recording.ts';
import { scenarios } from './scenarios/all-scenarios.ts';
import { startAlone } from './start-alone.ts';
import { transcribe } from './transcript.ts';

export interface LiveDifference {
  readonly step: string;
  readonly request: string;
  readonly found: readonly string[];
}

/**
 * Asks a real API server that has nothing in it yet, and this one, the same; tells where they differ. `record`: what the
 * real one answers becomes the recording of this folder; `only`: of these scenarios, which must not need others.
 */
export async function compareLive(options: {
  kubeconfig: string;
  record: boolean;
  only?: readonly string[];
}): Promise<LiveDifference[]> {
  const real = new ApiAccess(readFileSync(options.kubeconfig, 'utf8'));
  const own = await startAlone();
  const found: LiveDifference[] = [];
  try {
    for (const [scenario, steps] of Object.entries(scenarios)) {
      if (options.only && !options.only.includes(scenario)) continue;
      const expected = await transcribe(real, steps);
      if (options.record) writeRecording(scenario, expected);
      const actual = await transcribe(own.access, steps);
      expected.forEach((line, index) => {
        const different = differences(line, actual[index]);
        if (different.length > 0)
          found.push({ step: `${scenario}/${line.name}`, request: line.request, found: different });
      });
    }
  } finally {
    real.close();
    await own.stop();
  }
  return found;
}
