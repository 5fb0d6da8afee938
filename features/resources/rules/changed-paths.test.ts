import { describe, expect, it } from 'vitest';
import { changedPaths } from './changed-paths.ts';

const rows: readonly {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  paths: string[];
  why: string;
}[] = [
  { before: { a: 1 }, after: { a: 1 }, paths: [], why: 'nothing' },
  { before: { spec: { replicas: 1 } }, after: { spec: { replicas: 2 } }, paths: ['spec.replicas'], why: 'a value' },
  { before: { spec: {} }, after: { spec: { paused: true } }, paths: ['spec.paused'], why: 'a field that came' },
  { before: { spec: { a: [1, 2] } }, after: { spec: { a: [1] } }, paths: ['spec.a[1]'], why: 'an item that went' },
  {
    before: { metadata: { annotations: { 'a.b/c': '1' } } },
    after: { metadata: { annotations: { 'a.b/c': '2' } } },
    paths: ['metadata.annotations["a.b/c"]'],
    why: 'a key that is no plain word',
  },
  {
    before: { metadata: { resourceVersion: '1', managedFields: [] }, status: { a: 1 } },
    after: { metadata: { resourceVersion: '2' }, status: { a: 2 } },
    paths: [],
    why: 'what the server keeps is no change of the user',
  },
];

describe('changedPaths', () => {
  it.each(rows)('$why', ({ before, after, paths }) => {
    expect(changedPaths(before, after)).toEqual(paths);
  });
});
