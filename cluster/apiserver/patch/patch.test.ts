import { describe, expect, test } from 'vitest';
import { builtinSchema } from '../schema/builtin-schema.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

test.each<[Json, Json, Json, string]>([
  [{ a: 1, b: 2 }, { b: null }, { a: 1 }, 'null removes'],
  [{ a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 1, y: 2 } }, 'objects merge'],
  [{ a: [1, 2] }, { a: [3] }, { a: [3] }, 'lists are replaced'],
  [{ a: 1 }, { b: { c: null } }, { a: 1, b: {} }, 'nulls in new objects vanish'],
])('merge %j with %j gives %j: %s', (value, patch, result) => expect(mergePatch(value, patch)).toEqual(result));

describe('JSON patch', () => {
  const object: JsonObject = { metadata: { labels: { 'a/b': '1' } }, list: [1, 2] };

  test('reaches escaped keys and list ends, and leaves the original alone', () => {
    const patch = [
      { op: 'test', path: '/metadata/labels/a~1b', value: '1' },
      { op: 'replace', path: '/metadata/labels/a~1b', value: '2' },
      { op: 'add', path: '/list/-', value: 3 },
    ];
    expect(jsonPatch(object, patch)).toEqual({ metadata: { labels: { 'a/b': '2' } }, list: [1, 2, 3] });
    expect(object['list']).toEqual([1, 2]);
  });

  test.each<[Json, string, string]>([
    [[{ op: 'test', path: '/list/0', value: 9 }], 'Invalid', 'a test that fails'],
    [[{ op: 'remove', path: '/nothing' }], 'Invalid', 'a path that is not there'],
    [{ op: 'add' }, 'BadRequest', 'not a list'],
    [[{ op: 'jump', path: '/a' }], 'Invalid', 'an unknown operation'],
    [[{ op: 'add', path: '/__proto__/x', value: 1 }], 'Invalid', 'a path into the prototype'],
  ])('%j is %s: %s', (patch, reason) => {
    expect(() => jsonPatch(object, patch)).toThrow(expect.objectContaining({ reason }));
  });
});

describe('strategic merge', () => {
  const pod = builtinSchema('io.k8s.api.core.v1.Pod');
  const deployment = builtinSchema('io.k8s.api.apps.v1.Deployment');
  const containers = (...list: JsonObject[]): JsonObject => ({ spec: { containers: list } });
  const a = { name: 'a', image: 'a:1' };
  const b = { name: 'b', image: 'b:1' };

  test.each<[JsonObject, JsonObject, JsonObject, string]>([
    [
      containers(a, b),
      containers({ name: 'b', image: 'b:2' }),
      containers(a, { name: 'b', image: 'b:2' }),
      'items merge by key',
    ],
    [containers(a), containers(b), containers(b, a), 'new items come first'],
    [containers(a, b), containers({ name: 'a', $patch: 'delete' }), containers(b), '$patch: delete removes an item'],
    [containers(a, b), containers({ $patch: 'replace' }, b), containers(b), '$patch: replace takes the list as it is'],
    [
      { spec: { nodeSelector: { x: '1' } } },
      { spec: { nodeSelector: { x: null, y: '2' } } },
      { spec: { nodeSelector: { y: '2' } } },
      'null removes',
    ],
    [
      { metadata: { finalizers: ['x', 'y'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['x'] } },
      { metadata: { finalizers: ['y'] } },
      'texts are deleted by value',
    ],
    [
      { metadata: { finalizers: ['x'] } },
      { metadata: { finalizers: ['y', 'x'] } },
      { metadata: { finalizers: ['y', 'x'] } },
      'lists of texts are united, in the order of the patch',
    ],
    [
      { spec: { tolerations: [{ key: 'x' }] } },
      { spec: { tolerations: [{ key: 'y' }] } },
      { spec: { tolerations: [{ key: 'y' }] } },
      'lists without a merge key are replaced',
    ],
    [
      containers(a, b),
      { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } },
      containers(b, a),
      '$setElementOrder orders without changing',
    ],
    [
      { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
      { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] } },
      { spec: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] } },
      '$retainKeys drops the other member of a union',
    ],
  ])('%j with %j gives %j: %s', (value, patch, result) =>
    expect(strategicMergePatch(pod, value, patch)).toEqual(result),
  );

  test('a strategy of one type drops what belongs to the other', () => {
    const value = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(strategicMergePatch(deployment, value, patch)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
  });

  test.each<[JsonObject]>([[containers({ image: 'x' })], [{ $patch: 'explode' }]])('%j is refused', (patch) => {
    expect(() => strategicMergePatch(pod, containers(a), patch)).toThrow(
      expect.objectContaining({ reason: 'InternalError' }),
    );
  });
});
