import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';
import { kubectls } from './binaries.ts';
import { differences } from './differences.ts';
import { recordingFile } from './recordings.ts';
import { readTranscript, runScript } from './transcript.ts';

// Each script is run by each kubectl that can be had here, command by command. What the same kubectl was told by a real
// cluster is in recordings/; README.md says how it got there.

const scripts = ['basics', 'create', 'apply', 'workloads', 'output', 'streams'];

describe.each(kubectls())('kubectl $version', ({ version, binary }) => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(() => cluster?.stop());

  // Older and newer ones run those scripts in which they could differ.
  const recorded = scripts.filter((script) => existsSync(recordingFile(script, version)));
  it.each(recorded)('is told what a real cluster tells it: %s', async (script) => {
    const file = recordingFile(script, version);
    const env = { NODE_A: 'node-1', IMAGE: 'example.com/shell:1' };
    const expected = readTranscript(readFileSync(file, 'utf8'));
    const answers = await runScript(script, { kubeconfig: cluster.kubeconfigFile, binary, env });
    expect(answers.map(({ command }) => command)).toEqual(expected.map(({ command }) => command));
    expect(differences(script, { expected, answers }).join('\n')).toBe('');
  });
});
