import type { Condition } from '../../reconcile/conditions.ts';

/** What a round of deleting a namespace's content has found. */
export interface DeletionRound {
  /** Resources that could not be listed or deleted, one sentence each. */
  readonly failures: readonly string[];
  /** How many objects are left, by resource name such as `pods` or `deployments.apps`. */
  readonly remaining: ReadonlyMap<string, number>;
  /** How many of them wait for each finalizer. */
  readonly finalizers: ReadonlyMap<string, number>;
}

function tally(counts: ReadonlyMap<string, number>, say: (name: string, count: number) => string): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => say(name, count))
    .join(', ');
}

/** The conditions a terminating namespace shows, as kubectl users look for them when one hangs. */
export function namespaceConditions({ failures, remaining, finalizers }: DeletionRound): Condition[] {
  const condition = (type: string, problem: [string, string] | undefined, fine: [string, string]): Condition => {
    const [reason, message] = problem ?? fine;
    return { type, status: problem ? 'True' : 'False', reason, message };
  };
  const left = tally(remaining, (name, count) => `${name} has ${count} resource instances`);
  const waiting = tally(finalizers, (name, count) => `${name} in ${count} resource instances`);
  return [
    condition('NamespaceDeletionDiscoveryFailure', undefined, [
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ]),
    condition('NamespaceDeletionGroupVersionParsingFailure', undefined, [
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ]),
    condition(
      'NamespaceDeletionContentFailure',
      failures.length > 0
        ? [
            'ContentDeletionFailed',
            `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
          ]
        : undefined,
      ['ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    ),
    condition(
      'NamespaceContentRemaining',
      left ? ['SomeResourcesRemain', `Some resources are remaining: ${left}`] : undefined,
      ['ContentRemoved', 'All content successfully removed'],
    ),
    condition(
      'NamespaceFinalizersRemaining',
      waiting
        ? ['SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${waiting}`]
        : undefined,
      ['ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
    ),
  ];
}
