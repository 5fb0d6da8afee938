import { expect, test } from 'vitest';
import { diffObjects } from './diff-objects.ts';

const pod = (containers: readonly object[]) => ({ spec: { containers } });

test.each([
  { why: 'nothing', before: { a: 1 }, after: { a: 1 }, expected: [] },
  {
    why: 'a plain field',
    before: { spec: { replicas: 2 } },
    after: { spec: { replicas: 3 } },
    expected: ['changed spec.replicas 2->3'],
  },
  {
    why: 'an added map is one change, as a whole',
    before: {},
    after: { spec: { a: { b: 1 } } },
    expected: ['added spec ->{"a":{"b":1}}'],
  },
  {
    why: 'a removed field',
    before: { spec: { paused: true } },
    after: { spec: {} },
    expected: ['removed spec.paused true->'],
  },
  {
    why: 'list items are matched by name, not by place',
    before: pod([
      { name: 'a', image: 'a:1' },
      { name: 'b', image: 'b:1' },
    ]),
    after: pod([
      { name: 'b', image: 'b:2' },
      { name: 'a', image: 'a:1' },
    ]),
    expected: ['changed spec.containers[b].image b:1->b:2'],
  },
  {
    why: 'items without distinct names go by place',
    before: { args: ['x', 'y'] },
    after: { args: ['x', 'z'] },
    expected: ['changed args[1] y->z'],
  },
  {
    why: 'the server’s bookkeeping is no change',
    before: { metadata: { name: 'a', resourceVersion: '1', generation: 1 }, status: { ready: 1 } },
    after: { metadata: { name: 'a', resourceVersion: '2', generation: 2 }, status: { ready: 0 } },
    expected: [],
  },
  { why: 'a key with dots is told apart', before: {}, after: { 'a.b/c': 1 }, expected: ['added [a.b/c] ->1'] },
  {
    why: 'a list in place of a map is compared as a whole',
    before: { a: {} },
    after: { a: [] },
    expected: ['changed a {}->[]'],
  },
])('$why', ({ before, after, expected }) => {
  const text = (value: unknown) =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const changes = diffObjects(before, after).map(
    (change) => `${change.kind} ${change.path} ${text(change.before)}->${text(change.after)}`,
  );
  expect(changes).toEqual(expected);
});

test('what nobody asked for was set by the server', () => {
  const asked = { spec: { containers: [{ name: 'a', image: 'a:1' }] } };
  const after = {
    spec: { containers: [{ name: 'a', image: 'a:1', imagePullPolicy: 'Always' }], dnsPolicy: 'ClusterFirst' },
  };
  const changes = diffObjects({ spec: { containers: [] } }, after, asked).map(({ kind, path }) => `${kind} ${path}`);
  expect(changes).toContain('defaulted spec.containers[a].imagePullPolicy');
  expect(changes).toContain('defaulted spec.dnsPolicy');
  expect(changes).toContain('added spec.containers[a].image');
});
