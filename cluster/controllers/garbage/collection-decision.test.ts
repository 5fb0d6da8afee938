import { expect, test } from 'vitest';
import { decide, type OwnerState } from './collection-decision.ts';
import { type GraphNode, OwnerGraph } from './owner-graph.ts';

function node(facts: Partial<GraphNode> = {}): GraphNode {
  const ref = { group: '', resource: 'pods' };
  return { uid: 'me', ref, namespace: 'shop', name: 'me', owners: [], finalizers: [], deleting: false, ...facts };
}

const owned = (...states: OwnerState[]) =>
  states.map((state, i) => [{ apiVersion: 'v1', kind: 'Thing', name: `o${i}`, uid: `o${i}` }, state] as const);

test.each([
  { why: 'nobody owns it', states: [], then: { do: 'nothing' } },
  { why: 'its owner lives', states: ['present'], then: { do: 'nothing' } },
  { why: 'its owner is gone', states: ['absent'], then: { do: 'delete', policy: 'Background' } },
  { why: 'one of two owners is gone', states: ['present', 'absent'], then: { do: 'forget owners', uids: ['o1'] } },
  { why: 'a kind that is not served decides nothing', states: ['absent', 'unknown'], then: { do: 'nothing' } },
  {
    why: 'its owner waits for it, and it has nothing below it',
    states: ['waiting for dependents'],
    then: { do: 'delete', policy: 'Background' },
  },
  {
    why: 'its owner waits for it, and it has dependents of its own',
    states: ['waiting for dependents'],
    dependents: true,
    then: { do: 'delete', policy: 'Foreground' },
  },
  {
    why: 'it keeps its dependents',
    states: ['absent'],
    finalizers: ['orphan'],
    then: { do: 'delete', policy: 'Orphan' },
  },
  { why: 'it is going already', states: ['absent'], deleting: true, then: { do: 'nothing' } },
] as const)('$why', (row) => {
  const {
    finalizers = [],
    deleting = false,
    dependents = false,
  } = { ...row } as { finalizers?: string[]; deleting?: boolean; dependents?: boolean };
  expect(decide(node({ finalizers, deleting }), owned(...row.states), dependents)).toEqual(row.then);
});

test('the graph knows the dependents of an owner it has never seen, and forgets them with their references', () => {
  const graph = new OwnerGraph();
  const owner = { apiVersion: 'v1', kind: 'Thing', name: 'o', uid: 'o', blockOwnerDeletion: true };
  graph.put(node({ uid: 'a', owners: [owner] }));
  graph.put(node({ uid: 'b', owners: [{ ...owner, blockOwnerDeletion: false }] }));
  expect(graph.dependentsOf('o').map(({ uid }) => uid)).toEqual(['a', 'b']);
  expect(graph.blockersOf('o').map(({ uid }) => uid)).toEqual(['a']);
  graph.put(node({ uid: 'a', owners: [] }));
  graph.remove('b');
  expect(graph.dependentsOf('o')).toEqual([]);
});
