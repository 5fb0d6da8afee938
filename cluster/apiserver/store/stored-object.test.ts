import { expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { kindsOfCrd } from '../kinds/custom-kind.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { Version } from '../storage/version.ts';
import { keyOf, objectBytes, readObject } from './stored-object.ts';

function definedWith(color: object): KindInfo {
  const spec = { type: 'object', properties: { n: { type: 'integer' }, color: { type: 'string', ...color } } };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  const definition = {
    spec: {
      group: 'a.example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  const [kind] = kindsOfCrd(definition as unknown as ClusterObject);
  if (!kind) throw new Error('one version is served');
  return kind;
}

const before = definedWith({});
const after = definedWith({ default: 'red' });
const stored = (spec: object): Version =>
  new Version(keyOf(before, 'default', 't'), 1, JSON.stringify({ metadata: { name: 't' }, spec }));
const served = (kind: KindInfo, version: Version): unknown => JSON.parse(objectBytes(kind, version).toString());

test.each<[spec: object, expected: object, why: string]>([
  [{ n: 1 }, { n: 1, color: 'red' }, 'a default that came later is filled in'],
  [{ n: 1, color: 'blue' }, { n: 1, color: 'blue' }, 'what was set stays'],
])('%j is served as %j: %s', (spec, expected) => {
  const version = stored(spec);
  const whole = { kind: 'Thing', apiVersion: 'a.example.com/v1', metadata: { name: 't' } };
  expect(served(before, version)).toEqual({ ...whole, spec });
  expect(served(after, version)).toEqual({ ...whole, spec: expected });
  expect(readObject(after, version)).toEqual({ ...whole, spec: expected });
});
