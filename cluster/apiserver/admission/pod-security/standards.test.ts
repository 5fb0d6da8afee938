import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PodSpec } from './pod-fields.ts';
import { violations, violationText } from './standards.ts';
import type { Level, Standard } from './standards.ts';

/**
 * What a real API server of Kubernetes 1.36.3 said about each pod under every version of both standards: a row of a
 * verdict is the first version it holds for, and its text ('' = accepted).
 */
interface Recorded {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  readonly verdicts: Readonly<Record<'baseline' | 'restricted', readonly (readonly [since: number, text: string])[]>>;
}

const newest = 36;
const recorded = JSON.parse(readFileSync(new URL('./test/verdicts.json', import.meta.url), 'utf8')) as Recorded[]; // our own recording

function said({ verdicts }: Recorded, level: 'baseline' | 'restricted', version: number): string | undefined {
  return verdicts[level].findLast(([since]) => since <= version)?.[1];
}

describe('the security standards', () => {
  it.each(recorded.map((one) => [one.name, one] as const))('judge %s as the real server does', (_name, one) => {
    const pod = { annotations: one.annotations ?? {}, spec: one.spec };
    const judge = (level: Level, version: Standard['version']): string =>
      violationText(violations({ level, version }, pod));
    for (const level of ['baseline', 'restricted'] as const) {
      for (let version = 0; version <= newest; version++) {
        expect(judge(level, version), `${level}:v1.${version}`).toBe(said(one, level, version));
      }
      expect(judge(level, 'latest'), `${level}:latest`).toBe(said(one, level, newest));
      expect(judge('privileged', 'latest')).toBe('');
    }
  });
});
