import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ClusterObject } from '../../../client.ts';
import { compiledStage, possibleStages, type Stage } from '../stage.ts';
import { stageDocuments, stageObject } from '../stage-object.ts';
import type { StageAction } from '../stage-step.ts';
import type { TemplateFunctions } from '../template/template-value.ts';
import { kwokStageFolder } from '../testing/kwok-module.ts';

// kwok's own stage files, with the inputs and the outputs its own tests hold it to.
const folder = kwokStageFolder();

const shown = (value: unknown): string => (value === undefined ? 'interface {}(nil)' : JSON.stringify(value));
const called = (name: string, args: readonly unknown[]): string =>
  args.length === 0 ? `<${name}>` : `<${name}(${args.map(shown).join(', ')})>`;
const one =
  (name: string) =>
  (...args: unknown[]) =>
    called(name, args);
const two =
  (name: string) =>
  (...args: unknown[]) =>
    [0, 1].map((index) => `<${index} of ${called(name, args).slice(1)}`);

const functions: TemplateFunctions = {
  ...Object.fromEntries(
    ['NodeIP', 'NodeName', 'NodePort', 'PodIP', 'NodeIPWith', 'PodIPWith', 'Version'].map((name) => [name, one(name)]),
  ),
  ...Object.fromEntries(['NodeIPsWith', 'PodIPsWith'].map((name) => [name, two(name)])),
};
const surroundings = { now: () => '<Now>', functions };

const stagesOf = (path: string): Stage[] =>
  readdirSync(path)
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml' && name !== 'storage-class.yaml')
    .flatMap((name) => stageDocuments(readFileSync(join(path, name), 'utf8')))
    .map((document) => compiledStage(stageObject(document), surroundings));

// kwok's tests do not tell it which kind an object is of: every patch is a merge patch there.
const patchTypes: Record<string, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

function told(action: StageAction): object {
  if (action.does === 'event') return { kind: 'event', ...action.event };
  if (action.does === 'delete') return { kind: 'delete' };
  const data = action.does === 'patch' ? action.body : action.object;
  const { subresource } = action;
  return { kind: action.does, type: patchTypes[action.type], ...(subresource !== undefined && { subresource }), data };
}

function outcome(stages: readonly Stage[], object: ClusterObject): unknown[] {
  const fitting = stages.filter(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
  return possibleStages(fitting, object).map(([stage]) => {
    const delay = stage.timing.range(object, Date.parse('2006-01-02T15:04:05Z')).map((ms) => ms * 1e6);
    const next = stage.steps.flatMap((step) => step(object)).map(told);
    return {
      stage: stage.name,
      weight: stage.timing.weight(object),
      next: [...next, ...(stage.immediateNextStage ? [{ kind: 'immediate' }] : [])],
      ...(delay.length > 0 && { delay }),
    };
  });
}

const inputs = folder
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.input.yaml'))
  : [];

describe.skipIf(!folder)('the stage files of kwok do to its own objects what kwok does (needs Go)', () => {
  test.each(inputs)('%s', (path) => {
    const file = join(folder ?? '', path);
    const object = parse(readFileSync(file, 'utf8')) as ClusterObject; // a manifest
    const wanted = parse(readFileSync(file.replace('.input.', '.output.'), 'utf8')) as { stages: unknown[] }; // kwok's format
    expect(outcome(stagesOf(dirname(dirname(file))), object)).toEqual(wanted.stages);
  });

  test('every one of them can be read', () => {
    const folders = [
      'pod/fast',
      'pod/general',
      'pod/chaos',
      'node/fast',
      'node/heartbeat',
      'node/heartbeat-with-lease',
      'node/chaos',
      'volume/fast',
    ];
    const names = folders.flatMap((path) => stagesOf(join(folder ?? '', path)).map(({ name }) => name));
    expect(names).toHaveLength(19);
    expect(new Set(names.map((name) => basename(name))).size).toBeGreaterThan(14);
  });
});
