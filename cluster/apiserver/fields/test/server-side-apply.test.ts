import { isApiError } from '@kit/base';
import { describe, expect, test } from 'vitest';
import type { ClusterObject } from '../../../client.ts';
import { builtinSchema } from '../../schema/builtin-schema.ts';
import type { Schema } from '../../schema/schema.ts';
import { customObjectSchema } from '../../schema/structural-schema.ts';
import { applyFields } from '../apply-fields.ts';
import type { ManagedEntry } from '../managed-fields.ts';
import { trackUpdate } from '../track-update.ts';

const integer = { type: 'integer' };
const text = { type: 'string' };
const schema: Schema = customObjectSchema(
  {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          n: integer,
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
          atom: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: text },
          lbl: { type: 'object', additionalProperties: text },
          ports: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['p', 'proto'],
            items: { type: 'object', properties: { p: integer, proto: { type: 'string', default: 'TCP' }, v: text } },
          },
        },
      },
      status: { type: 'object', properties: { n: integer } },
    },
  },
  builtinSchema('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
);

const now = '2026-01-01T00:00:00Z';
const thing = (spec?: object): ClusterObject => ({
  apiVersion: 'a/v1',
  kind: 'Thing',
  metadata: { name: 's' },
  ...(spec && { spec }),
});
const common = { schema, apiVersion: 'a/v1', subresource: '', hasStatus: false, now, force: false };
const apply = (
  ...[live, manager, spec, more]: [ClusterObject | undefined, string, object, Partial<typeof common>?]
): ClusterObject => applyFields({ ...common, live, manager, applied: thing(spec), ...more });
const owned = (object: ClusterObject, manager: string): unknown =>
  (object.metadata.managedFields as ManagedEntry[] | undefined)?.find((entry) => entry.manager === manager)?.fieldsV1[
    'f:spec'
  ];
const failure = (run: () => unknown): { reason: string; message: string; causes: unknown } => {
  try {
    run();
  } catch (error) {
    if (isApiError(error)) return { reason: error.reason, message: error.message, causes: error.details?.causes };
  }
  throw new Error('nothing was refused');
};

describe('server-side apply', () => {
  const first = apply(undefined, 'm1', { n: 1, tags: ['a'], atom: ['x'], lbl: { k: '1' }, ports: [{ p: 1, v: 'a' }] });

  test('owns exactly what was sent; defaults stand in the keys only', () => {
    expect(owned(first, 'm1')).toEqual({
      'f:n': {},
      'f:tags': { 'v:"a"': {} },
      'f:atom': {},
      'f:lbl': { 'f:k': {} },
      'f:ports': { 'k:{"p":1,"proto":"TCP"}': { '.': {}, 'f:p': {}, 'f:v': {} } },
    });
  });

  test('two managers share lists and maps, each with its own items', () => {
    const second = apply(first, 'm2', { tags: ['b'], lbl: { l: '2' }, ports: [{ p: 2, v: 'b' }] });
    expect(second['spec']).toMatchObject({ tags: ['a', 'b'], lbl: { k: '1', l: '2' }, ports: [{ p: 1 }, { p: 2 }] });
    expect(owned(second, 'm1')).toEqual(owned(first, 'm1'));
  });

  test('a field of another manager is a conflict, named with its place', () => {
    const { reason, message, causes } = failure(() => apply(first, 'm2', { atom: ['y'], ports: [{ p: 1, v: 'c' }] }));
    expect(reason).toBe('Conflict');
    expect(message).toBe(
      'Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.atom\n- .spec.ports[p=1,proto="TCP"].v',
    );
    expect(causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.atom' },
      { reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.ports[p=1,proto="TCP"].v' },
    ]);
  });

  test('force takes the fields over', () => {
    const forced = apply(first, 'm2', { atom: ['y'] }, { force: true });
    expect(forced['spec'].atom).toEqual(['y']);
    expect(owned(forced, 'm2')).toEqual({ 'f:atom': {} });
    expect(owned(forced, 'm1')).not.toHaveProperty('f:atom');
  });

  test('the same value is no conflict: both own it, and it stays until neither does', () => {
    const shared = apply(first, 'm2', { n: 1 });
    const one = apply(shared, 'm1', {});
    expect(one['spec']).toEqual({ n: 1 });
    expect(apply(one, 'm2', {})['spec']).toBeUndefined();
  });

  test('a dropped item goes, unless another manager has a field in it', () => {
    const second = apply(first, 'm2', { ports: [{ p: 1, proto: 'TCP' }] });
    expect(apply(second, 'm1', { n: 1 })['spec']).toEqual({ n: 1, ports: [{ p: 1, proto: 'TCP' }] });
  });

  test('fields of the other endpoint are not taken', () => {
    const applied = { ...thing({ n: 1 }), status: { n: 2 } };
    const main = applyFields({ ...common, live: undefined, manager: 'm', applied, hasStatus: true });
    expect(main['status']).toBeUndefined();
    const status = applyFields({
      ...common,
      live: main,
      manager: 's',
      applied,
      hasStatus: true,
      subresource: 'status',
    });
    expect(status['status']).toEqual({ n: 2 });
    expect(JSON.stringify(status.metadata.managedFields)).toContain('"subresource":"status"');
  });

  test.each([
    [{ nosuch: 2 }, '.spec.nosuch: field not declared in schema'],
    [{ n: 'x' }, '.spec.n: expected numeric (int or float), got string'],
    [{ tags: ['a', 'a'] }, '.spec.tags: duplicate entries for key [="a"]'],
  ])('%j does not fit the schema', (spec, problem) => {
    const { message } = failure(() => apply(first, 'm1', spec));
    expect(message).toBe(`failed to create typed patch object (/s; a/v1, Kind=Thing): ${problem}`);
  });

  test('managedFields must not be sent', () => {
    const applied = { ...thing({ n: 1 }), metadata: { name: 's', managedFields: [] } };
    expect(failure(() => applyFields({ ...common, live: undefined, manager: 'm', applied })).reason).toBe('BadRequest');
  });
});

describe('updates', () => {
  const track = (before: ClusterObject | undefined, after: ClusterObject, manager: string): ClusterObject => {
    const managedFields = trackUpdate({ before, after, manager, schema, apiVersion: 'a/v1', subresource: '', now });
    return { ...after, metadata: { ...after.metadata, managedFields } };
  };
  const created = track(undefined, thing({ n: 1, lbl: { k: '1' } }), 'u');

  test('the creator owns all, containers included', () => {
    expect(owned(created, 'u')).toEqual({ '.': {}, 'f:n': {}, 'f:lbl': { '.': {}, 'f:k': {} } });
  });

  test('who changes a field takes it over', () => {
    const changed = track(created, { ...created, spec: { n: 2, lbl: { k: '1' } } }, 'v');
    expect(owned(changed, 'v')).toEqual({ 'f:n': {} });
    expect(owned(changed, 'u')).toEqual({ '.': {}, 'f:lbl': { '.': {}, 'f:k': {} } });
  });

  test('a built-in kind has its empty structs before it is created', () => {
    const service = builtinSchema('io.k8s.api.core.v1.Service');
    const after = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { type: 'ClusterIP' },
      status: { loadBalancer: {} },
    };
    const [entry] = trackUpdate({
      before: undefined,
      after,
      manager: 'u',
      schema: service,
      apiVersion: 'v1',
      subresource: '',
      now,
    });
    expect(entry?.fieldsV1).toEqual({ 'f:spec': { 'f:type': {} } });
  });

  test('a later apply of an updated field conflicts', () => {
    expect(failure(() => apply(created, 'm', { n: 5 })).message).toBe(
      'Apply failed with 1 conflict: conflict with "u" using a/v1: .spec.n',
    );
  });

  test('[{}] drops all ownership', () => {
    const reset = { ...created, metadata: { name: 's', managedFields: [{}] } };
    expect(
      trackUpdate({ before: created, after: reset, manager: 'u', schema, apiVersion: 'a/v1', subresource: '', now }),
    ).toEqual([]);
  });
});
