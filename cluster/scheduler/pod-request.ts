import type { ContainerSpec } from '../reconcile/pod.ts';
import { quantity } from '../reconcile/quantity.ts';
import type { SchedulablePod } from './placed-pod.ts';

/** Amounts by resource name: `cpu` in thousandths of a core, `memory` in bytes, extended resources in pieces. */
export type Amounts = Readonly<Record<string, number>>;

const none: Amounts = {};

function amount(name: string, value: string | number): number {
  return name === 'cpu' ? Math.ceil(quantity(value) * 1000 - 1e-6) : Math.ceil(quantity(value) - 1e-6);
}

export function amountsOf(quantities: Record<string, string | number> | undefined): Amounts {
  if (!quantities) return none;
  const amounts: Record<string, number> = {};
  for (const name of Object.keys(quantities)) amounts[name] = amount(name, quantities[name] ?? 0);
  return amounts;
}

export function plus(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, number> = { ...a };
  for (const name of Object.keys(b)) sum[name] = (sum[name] ?? 0) + (b[name] ?? 0);
  return sum;
}

function most(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, number> = { ...a };
  for (const name of Object.keys(b)) result[name] = Math.max(result[name] ?? 0, b[name] ?? 0);
  return result;
}

type RequestOf = (container: ContainerSpec) => Amounts;

/** Init containers run one after the other; those with restartPolicy Always stay and count on. */
function sumOf({ spec }: SchedulablePod, requestOf: RequestOf): Amounts {
  let sidecars = none;
  let peak = none;
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars = plus(sidecars, requestOf(container));
    peak = most(peak, container.restartPolicy === 'Always' ? sidecars : plus(sidecars, requestOf(container)));
  }
  return most(spec.containers.map(requestOf).reduce(plus, sidecars), peak);
}

const requested: RequestOf = ({ resources }) => amountsOf(resources?.requests);

/** A container that asks for nothing still uses something: nodes are compared as if it asked for this much. */
const assumed: Amounts = { cpu: 100, memory: 200 * 2 ** 20 };

/** What is asked for the pod as a whole goes before the sum of its containers, for the resources that allow it. */
function withPodLevel({ spec }: SchedulablePod, sum: Amounts): Amounts {
  const whole = Object.entries(amountsOf(spec.resources?.requests));
  const own = whole.filter(([name]) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-'));
  return own.length > 0 ? { ...sum, ...Object.fromEntries(own) } : sum;
}

/** What the pod needs on its node: its containers at their hungriest moment, and its overhead. */
export function podRequest(pod: SchedulablePod): Amounts {
  const own = withPodLevel(pod, sumOf(pod, requested));
  return pod.spec.overhead ? plus(own, amountsOf(pod.spec.overhead)) : own;
}

/** As `podRequest`, with something assumed for containers that do not say what CPU and memory they need. */
export function assumedRequest(pod: SchedulablePod): { cpu: number; memory: number } {
  const own = withPodLevel(
    pod,
    sumOf(pod, (container) => ({ ...assumed, ...requested(container) })),
  );
  const { cpu = 0, memory = 0 } = pod.spec.overhead ? plus(own, amountsOf(pod.spec.overhead)) : own;
  return { cpu, memory };
}

/** A port of the node that a pod takes for itself. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const everywhere = '0.0.0.0';

export function hostPorts({ spec }: SchedulablePod): HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...spec.containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol = 'TCP' }) =>
      hostPort > 0 ? [{ ip: hostIP || everywhere, protocol, port: hostPort }] : [],
    ),
  );
}

/** Two pods cannot have the same port and protocol unless each has it on an address of its own. */
export function portsClash(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.ip === b.ip || a.ip === everywhere || b.ip === everywhere;
}
