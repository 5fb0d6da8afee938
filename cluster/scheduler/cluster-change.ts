import { canonical } from '../reconcile/canonical.ts';
import type { SchedulableNode } from './node-state.ts';

/** What can change in a cluster so that a pod no node could take may fit now. */
export type ChangeKind =
  | 'node added'
  | 'node removed'
  | 'node resources'
  | 'node labels'
  | 'node taints'
  | 'pod placed'
  | 'pod removed'
  | 'pod labels'
  | 'namespace labels'
  | 'volumes';

/** How two states of a node differ, as far as placing pods goes. */
export function nodeChanges(before: SchedulableNode | undefined, after: SchedulableNode | undefined): ChangeKind[] {
  if (!after) return before ? ['node removed'] : [];
  if (!before) return ['node added'];
  const differs = (part: (node: SchedulableNode) => unknown): boolean =>
    canonical(part(before)) !== canonical(part(after));
  return [
    ...(differs(({ status }) => status?.allocatable) ? (['node resources'] as const) : []),
    ...(differs(({ metadata }) => metadata.labels) ? (['node labels'] as const) : []),
    ...(differs(({ spec }) => [spec.taints, spec.unschedulable]) ? (['node taints'] as const) : []),
  ];
}
