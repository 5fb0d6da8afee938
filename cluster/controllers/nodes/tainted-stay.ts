import type { Toleration } from '../../reconcile/pod.ts';

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: NodeTaint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (!key) return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}

/**
 * Until when a pod may stay on a node with these NoExecute taints, in epoch milliseconds; undefined = for good. The
 * shortest of the tolerations counts, from when the last of the taints came; `sinceMs` stands for times nobody noted.
 */
export function stayMs(
  taints: readonly NodeTaint[],
  tolerations: readonly Toleration[] = [],
  sinceMs: number,
): number | undefined {
  if (taints.length === 0) return undefined;
  const used = taints.map((taint) => tolerations.filter((toleration) => tolerates(toleration, taint)));
  if (used.some((found) => found.length === 0)) return sinceMs;
  const seconds = used.flat().flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  if (seconds.length === 0) return undefined;
  const since = Math.max(...taints.map(({ timeAdded }) => Date.parse(timeAdded ?? '') || sinceMs));
  return since + Math.max(0, Math.min(...seconds)) * 1000;
}
