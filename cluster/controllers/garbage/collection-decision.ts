import type { OwnerReference } from '../../reconcile/owners.ts';
import type { GraphNode } from './owner-graph.ts';

/** How each owner of an object is doing. `unknown` = its kind is not served, so nobody can tell. */
export type OwnerState = 'present' | 'absent' | 'waiting for dependents' | 'unknown';

export type Decision =
  | { readonly do: 'nothing' }
  /** Some owners are gone and others are not: forget those that are gone. */
  | { readonly do: 'forget owners'; readonly uids: readonly string[] }
  | { readonly do: 'delete'; readonly policy: 'Background' | 'Foreground' | 'Orphan' };

/**
 * What becomes of an object with owners. It lives as long as one owner does; its last owner takes it along, in the
 * foreground when that owner waits for it and it has dependents itself.
 */
export function decide(
  node: GraphNode,
  owners: readonly (readonly [OwnerReference, OwnerState])[],
  hasDependents: boolean,
): Decision {
  if (owners.length === 0 || node.deleting) return { do: 'nothing' };
  const inState = (...states: OwnerState[]): string[] =>
    owners.filter(([, state]) => states.includes(state)).map(([{ uid }]) => uid);
  if (inState('unknown').length > 0) return { do: 'nothing' };
  const gone = inState('absent', 'waiting for dependents');
  if (inState('present').length > 0) return gone.length > 0 ? { do: 'forget owners', uids: gone } : { do: 'nothing' };
  if (inState('waiting for dependents').length > 0 && hasDependents) return { do: 'delete', policy: 'Foreground' };
  if (node.finalizers.includes('orphan')) return { do: 'delete', policy: 'Orphan' };
  return { do: 'delete', policy: node.finalizers.includes('foregroundDeletion') ? 'Foreground' : 'Background' };
}
