import { describe, expect, test } from 'vitest';
import type { ClusterObject } from '../../client.ts';
import { prune } from '../schema/prune.ts';
import type { JsonObject } from '../schema/schema.ts';
import { kindsOfCrd } from './custom-kind.ts';
import type { KindInfo } from './kind-info.ts';

const spec = {
  type: 'object',
  required: ['n'],
  'x-kubernetes-validations': [
    { rule: 'self.n < 100', message: 'n must be under 100' },
    { rule: 'self.n >= oldSelf.n', message: 'n must not shrink' },
    {
      rule: "!has(self.name) || self.name.matches('^[a-z]+$')",
      fieldPath: '.name',
      message: 'name must be lower case',
    },
  ],
  properties: {
    n: { type: 'integer', minimum: 1 },
    name: { type: 'string', maxLength: 5 },
    color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
    nul: { type: 'string', nullable: true },
    q: { 'x-kubernetes-int-or-string': true },
    when: { type: 'string', format: 'date-time' },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    inner: { type: 'object', default: {}, properties: { a: { type: 'string', default: 'b' } } },
  },
};
const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.a.example.com' },
  spec: {
    group: 'a.example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing', shortNames: ['tg'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' } },
        selectableFields: [{ jsonPath: '.spec.color' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec, status: { type: 'object', properties: { n: { type: 'integer' } } } },
          },
        },
      },
      { name: 'v0', served: false, storage: false, schema: { openAPIV3Schema: { type: 'object' } } },
    ],
  },
} as unknown as ClusterObject; // as the API server would have decoded it

const [kind, ...others] = kindsOfCrd(crd) as [KindInfo, ...KindInfo[]]; // one version is served
const thing = (content: object): ClusterObject => ({
  apiVersion: 'a.example.com/v1',
  kind: 'Thing',
  metadata: { name: 't' },
  spec: content,
});
const causes = (content: object, old?: object): string[] => {
  const object = thing(content);
  kind.strategy.defaults(object);
  const found = old ? kind.strategy.validateUpdate(object, thing(old)) : kind.strategy.validate(object);
  return found.map(({ field, message }) => `${field}: ${message}`);
};

test('only served versions become kinds; names are completed', () => {
  expect(others).toEqual([]);
  expect(kind).toMatchObject({
    resource: 'things',
    singular: 'thing',
    listKind: 'ThingList',
    namespaced: true,
    builtin: false,
  });
  expect(kind.subresources.map(({ name }) => name)).toEqual(['status', 'scale']);
});

test('unknown fields are pruned with their paths, except where the schema keeps them', () => {
  const object = thing({ n: 1, extra: 1, any: { keep: { all: 1 } } });
  expect(prune(kind.schema, object as unknown as JsonObject)).toEqual(['spec.extra']);
  expect(object['spec']).toEqual({ n: 1, any: { keep: { all: 1 } } });
});

test('defaults fill in, nulls count as missing where they are not allowed', () => {
  const object = thing({ n: 1, color: null, nul: null, name: null });
  kind.strategy.defaults(object);
  expect(object['spec']).toEqual({ n: 1, color: 'red', nul: null, inner: { a: 'b' } });
});

const unchecked =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

describe('validation', () => {
  test.each<[object, string[], string]>([
    [{ n: 1, q: '50%' }, [], 'fits'],
    [{ n: 0 }, ['spec.n: Invalid value: 0: spec.n in body should be greater than or equal to 1'], 'below the minimum'],
    [{}, ['spec.n: Required value', unchecked], 'a missing field'],
    [
      { n: 'x' },
      [
        'spec.n: Invalid value: "string": spec.n in body must be of type integer: "string"',
        '.spec.n: Invalid value: 0: .spec.n accessor error: x is of the type string, expected int64',
        unchecked,
      ],
      'a wrong type, of what is the replicas of the scale, too',
    ],
    [
      { n: 1, color: 'green' },
      ['spec.color: Unsupported value: "green": supported values: "red", "blue"', unchecked],
      'not in the list',
    ],
    [{ n: 1, name: 'toolong' }, ['spec.name: Too long: may not be more than 5 bytes', unchecked], 'too long'],
    [
      { n: 1, when: 'yesterday' },
      ['spec.when: Invalid value: "yesterday": spec.when in body must be of type date-time: "yesterday"', unchecked],
      'no time',
    ],
    [{ n: 1, tags: ['a', 'a'] }, ['spec.tags[1]: Duplicate value: "a"'], 'a set has no value twice'],
    [{ n: 500 }, ['spec: Invalid value: n must be under 100'], 'a CEL rule'],
    [{ n: 1, name: 'Ab' }, ['spec.name: Invalid value: name must be lower case'], 'a CEL rule with a place of its own'],
  ])('%j gives %j: %s', (content, expected) => expect(causes(content)).toEqual(expected));

  test('a rule about change sees the old value', () => {
    expect(causes({ n: 2 }, { n: 3 })).toEqual(['spec: Invalid value: n must not shrink']);
    expect(causes({ n: 3 }, { n: 3 })).toEqual([]);
  });
});

test('status and spec are kept apart, and generation counts the spec', () => {
  const old = { ...thing({ n: 1 }), status: { n: 1 } };
  const next = { ...thing({ n: 2 }), status: { n: 9 } };
  kind.strategy.prepareForUpdate(next, old, { now: '', user: '' });
  expect(next.status).toEqual({ n: 1 });
  expect(kind.strategy.changesGeneration(next, old)).toBe(true);
  const status = { ...thing({ n: 7 }), status: { n: 2 } };
  kind.strategy.prepareForStatusUpdate(status, old);
  expect(status).toMatchObject({ spec: { n: 1 }, status: { n: 2 } });
  expect(kind.strategy.changesGeneration(status, old)).toBe(false);
});

test('selectable fields can be selected by', () => {
  expect(kind.strategy.fieldLabelNames).toContain('spec.color');
  expect(kind.strategy.fieldLabels(thing({ color: 'blue' }))['spec.color']).toBe('blue');
});
