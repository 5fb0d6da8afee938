import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPlatform } from '@kit/testing';
import { kubectls } from '../clients/binaries.ts';
import { differences } from '../clients/differences.ts';
import { recordingFile } from '../clients/recordings.ts';
import { readTranscript, runScript } from '../clients/transcript.ts';
import { realKubeconfig, startTarget } from '../target.ts';
import { openTlsFront, type TlsFront } from '../tls-front.ts';
import { throughDifferences } from './through-differences.ts';

// The same scripts as against the cluster itself, by way of the platform and with a platform token: what the platform
// adds (authorization, its looks at writes) must not show. What was recorded is a cluster with simulated nodes of certain
// names, such as the embedded one.

const version = '1.35';
// The others take minutes: `SCRIPTS=basics,create,workloads,output` runs them.
const scripts = (process.env.SCRIPTS ?? 'apply,streams').split(',');

describe.skipIf(realKubeconfig !== undefined)(`kubectl ${version} through the platform`, () => {
  let platform: TestPlatform;
  let front: TlsFront;
  beforeAll(async () => {
    platform = await startTarget({ podDelayScale: 1 });
    front = await openTlsFront(platform, await platform.signIn());
  });
  afterAll(async () => {
    front?.close();
    await platform?.stop();
  });

  it.each(scripts)('is told what a real cluster tells it: %s', async (script) => {
    const binary = kubectls().find((one) => one.version === version)?.binary ?? '';
    const expected = readTranscript(readFileSync(recordingFile(script, version), 'utf8'));
    const env = { NODE_A: 'node-1', IMAGE: 'example.com/shell:1' };
    const answers = await runScript(script, { kubeconfig: front.kubeconfig, binary, env });
    expect(differences(script, { expected, answers, allowed: throughDifferences }).join('\n')).toBe('');
  });
});
