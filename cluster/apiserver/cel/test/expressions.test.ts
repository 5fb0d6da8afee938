import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type Cluster } from '../../../start-cluster.ts';
import { callerOf } from './call-server.ts';
import { play, type Call } from './play-scenario.ts';
import { policyScenarios } from './policy-scenarios.ts';
import { ruleScenarios } from './rule-scenarios.ts';

const recorded = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown[]
>;
let cluster: Cluster;
let call: Call;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1 });
  call = callerOf(cluster.kubeconfig);
});
afterAll(() => cluster.stop());

describe('expressions are told what a real server tells them', () => {
  test.each([...ruleScenarios, ...policyScenarios].map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (name, scenario) => {
      expect(await play(call, scenario, () => Promise.resolve())).toEqual(recorded[name]);
    },
  );
});
