/** A condition of any kind's status; which optional times it carries depends on the kind. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
  readonly lastProbeTime?: string;
}

/** The conditions with `next` in the place of its type; the transition time moves only when the status does. */
export function withCondition(conditions: readonly Condition[] | undefined, next: Condition, now: string): Condition[] {
  const known = conditions?.find((condition) => condition.type === next.type);
  const lastTransitionTime = known?.status === next.status ? (known.lastTransitionTime ?? now) : now;
  const stamped = { ...next, lastTransitionTime };
  if (!known) return [...(conditions ?? []), stamped];
  return (conditions ?? []).map((condition) => (condition.type === next.type ? stamped : condition));
}

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
