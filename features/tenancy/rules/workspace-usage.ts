import type { KubeObject, ResourceType, Row } from '@kit/kube';
import type { WorkspaceQuota } from '../contract/index.ts';
import { addUp, formatAmount, type Amount, type Tally } from './amount.ts';
import { countedUsage, kindsOf, objectUsage } from './object-usage.ts';
import { hardOf } from './quota-check.ts';
import { isScoped } from './quota-scopes.ts';

/** Gives the rows of a kind in a namespace. */
export type RowsOf = (type: ResourceType, namespace: string) => Iterable<Row>;

/** Sums what objects use. A row's usage is worked out once: rows are replaced, never changed. */
export class UsageReader {
  readonly #rowsOf: RowsOf;
  readonly #known = new WeakMap<Row, Tally>();

  constructor(rowsOf: RowsOf) {
    this.#rowsOf = rowsOf;
  }

  /** What a namespace uses of what a quota limits. */
  inNamespace({ spec: { quota } }: Pick<WorkspaceQuota, 'spec'>, namespace: string): Map<string, Amount> {
    const tallies = kindsOf(quota.hard).flatMap((type) =>
      [...this.#rowsOf(type, namespace)].map((row) =>
        isScoped(quota) ? countedUsage(quota, type, row.object()) : this.#usageOf(type, row),
      ),
    );
    const sum = addUp(tallies);
    return new Map(Object.keys(quota.hard ?? {}).map((key) => [key, sum.get(key) ?? 0n]));
  }

  #usageOf(type: ResourceType, row: Row): Tally {
    const known = this.#known.get(row);
    if (known) return known;
    const usage = objectUsage(type, row.object());
    this.#known.set(row, usage);
    return usage;
  }
}

/** Whether a quota counts a namespace with these labels. */
export function selects({ spec }: Pick<WorkspaceQuota, 'spec'>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(spec.selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

export function written(tally: Tally): Record<string, string> {
  return Object.fromEntries([...tally].map(([key, amount]) => [key, formatAmount(key, amount)]));
}

/** The status of a quota: the limits, what all use together, and what each namespace uses, in the order of their names. */
export function quotaStatus(
  quota: WorkspaceQuota & KubeObject,
  used: ReadonlyMap<string, Tally>,
): NonNullable<WorkspaceQuota['status']> {
  const hard = written(hardOf(quota));
  const none = new Map([...hardOf(quota).keys()].map((key) => [key, 0n]));
  const names = [...used.keys()].sort();
  return {
    total: { hard, used: written(addUp([none, ...used.values()])) },
    namespaces: names.map((namespace) => ({ namespace, hard, used: written(used.get(namespace) ?? new Map()) })),
  };
}
