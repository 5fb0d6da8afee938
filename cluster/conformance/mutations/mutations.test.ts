import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type Cluster } from '../../start-cluster.ts';
import { isAllowed, staleEntries } from './allowed-differences.ts';
import { apiCaller, type ApiCaller } from './api-call.ts';
import { differencesOf, type Difference } from './differences.ts';
import { probeCreations } from './probe-creations.ts';
import { probeUpdates } from './probe-updates.ts';
import type { Recorded } from './recorded.ts';
import { readRecording, type ProbeName } from './recording.ts';

const probes: Readonly<Record<ProbeName, (caller: ApiCaller) => Promise<Recorded[]>>> = {
  creations: (caller) => probeCreations(caller),
  updates: (caller) => probeUpdates(caller),
};

let cluster: Cluster;
let caller: ApiCaller;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0, controllers: false });
  caller = apiCaller(cluster.kubeconfig);
});

afterAll(async () => {
  caller.close();
  await cluster.stop();
});

function shown({ probe, parts, real, ours }: Difference): string {
  const say = (answer: Recorded | undefined): string =>
    `${answer?.status ?? '-'} ${JSON.stringify(answer?.message ?? answer?.stored ?? null)}`.slice(0, 600);
  return [`${probe}: ${parts.join(', ')}`, `  real ${say(real)}`, `  ours ${say(ours)}`].join('\n');
}

describe.sequential('what the real server said to each probe', () => {
  const found: Difference[] = [];

  it.each(['creations', 'updates'] as const)(
    'is what the embedded one says: %s',
    async (name) => {
      const real = readRecording(name);
      const differences = differencesOf(real, await probes[name](caller));
      expect(differences.filter((difference) => !isAllowed(difference)).map(shown)).toEqual([]);
      found.push(...differences);
    },
    300_000,
  );

  it('differs wherever that is allowed', () => {
    expect(staleEntries(found)).toEqual([]);
  });
});
