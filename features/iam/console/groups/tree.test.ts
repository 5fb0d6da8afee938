import { describe, expect, it } from 'vitest';
import type { GroupItem } from './groups-api.ts';
import { namesBelow, treeOf, type TreeNode } from './tree.ts';

function group(name: string, parent?: string): GroupItem {
  return { metadata: { name, ...(parent ? { labels: { 'iam.kubesphere.io/group-parent': parent } } : {}) } };
}

function drawn(nodes: readonly TreeNode[]): string {
  return nodes
    .map(({ group: { metadata }, below }) => metadata.name + (below.length > 0 ? `(${drawn(below)})` : ''))
    .join(' ');
}

describe('treeOf', () => {
  it.each([
    { why: 'no groups, no tree', groups: [], tree: '' },
    { why: 'a word for the top, as KubeSphere writes it', groups: [group('a', 'root'), group('b')], tree: 'a b' },
    {
      why: 'groups below groups, listed in any order',
      groups: [group('c', 'b'), group('b', 'a'), group('a')],
      tree: 'a(b(c))',
    },
    { why: 'a parent that is gone', groups: [group('a', 'gone')], tree: 'a' },
    { why: 'a circle is drawn once and does not hang', groups: [group('a', 'b'), group('b', 'a')], tree: 'a(b)' },
  ])('$why', ({ groups, tree }) => {
    expect(drawn(treeOf(groups))).toBe(tree);
  });
});

it('what is below a group is everything that goes with it', () => {
  const nodes = treeOf([group('a'), group('b', 'a'), group('c', 'b'), group('d')]);
  expect(namesBelow(nodes, 'a')).toEqual(['b', 'c']);
  expect(namesBelow(nodes, 'd')).toEqual([]);
});
