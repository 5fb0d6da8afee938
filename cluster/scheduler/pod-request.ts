import type { ContainerSpec, Pod } from '../reconcile/pod.ts';
import { quantity } from '../reconcile/quantity.ts';

/** Amounts by resource name: `cpu` in cores, `memory` in bytes, extended resources in pieces. */
export type Amounts = Readonly<Record<string, number>>;

export function amountsOf(quantities: Record<string, string | number> | undefined): Amounts {
  return Object.fromEntries(Object.entries(quantities ?? {}).map(([name, value]) => [name, quantity(value)]));
}

export function plus(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

export function minus(a: Amounts, b: Amounts): Amounts {
  return plus(a, Object.fromEntries(Object.entries(b).map(([name, amount]) => [name, -amount])));
}

function most(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) result[name] = Math.max(result[name] ?? 0, amount);
  return result;
}

function requestOf({ resources }: ContainerSpec): Amounts {
  return amountsOf({ ...resources?.limits, ...resources?.requests });
}

/**
 * What the pod needs on its node: the sum of its containers, or what the hungriest moment of its init phase needs if
 * that is more. Init containers run one after the other; those with restartPolicy Always stay and count on.
 */
export function podRequest({ spec }: Pod): Amounts {
  let sidecars: Amounts = {};
  let peak: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars = plus(sidecars, requestOf(container));
    else peak = most(peak, plus(sidecars, requestOf(container)));
  }
  return most(spec.containers.map(requestOf).reduce(plus, sidecars), peak);
}

/** `protocol/port` of every host port the pod takes. */
export function hostPorts({ spec }: Pod): string[] {
  const ports = spec.containers.flatMap(({ ports = [] }) => ports);
  return ports.flatMap(({ hostPort, containerPort, protocol = 'TCP' }) => {
    const taken = hostPort ?? (spec.hostNetwork ? containerPort : 0);
    return taken > 0 ? [`${protocol}/${taken}`] : [];
  });
}
