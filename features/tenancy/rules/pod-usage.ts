import type { KubeObject } from '@kit/kube';
import { addUp, parseAmount, type Amount, type Tally } from './amount.ts';

type Side = 'requests' | 'limits';
type Resources = Partial<Record<Side, Record<string, string | number>>>;
interface Container {
  restartPolicy?: string;
  resources?: Resources;
}

/** What is read of a pod. */
export interface PodLike extends KubeObject {
  spec: {
    containers?: Container[];
    initContainers?: Container[];
    overhead?: Record<string, string | number>;
    resources?: Resources;
    activeDeadlineSeconds?: number;
    priorityClassName?: string;
    affinity?: Record<string, unknown>;
  };
  status?: { phase?: string };
}

function tallyOf(given: Record<string, string | number> = {}): Map<string, Amount> {
  return new Map(Object.entries(given).map(([name, text]) => [name, parseAmount(text) ?? 0n]));
}

function greater(left: Tally, right: Tally): Map<string, Amount> {
  const names = new Set([...left.keys(), ...right.keys()]);
  const pick = (name: string): Amount => {
    const [a, b] = [left.get(name) ?? 0n, right.get(name) ?? 0n];
    return a > b ? a : b;
  };
  return new Map([...names].map((name) => [name, pick(name)]));
}

/** What a pod asks for at its most: its containers together, or one starting container beside those that stay. */
export function podAsksFor({ spec }: PodLike, side: Side): Map<string, Amount> {
  const of = ({ resources }: Container): Tally => tallyOf(resources?.[side]);
  let staying: Tally = new Map();
  let starting: Tally = new Map();
  for (const container of spec.initContainers ?? []) {
    const atOnce = addUp([staying, of(container)]);
    if (container.restartPolicy === 'Always') staying = atOnce;
    starting = greater(starting, atOnce);
  }
  const running = addUp([staying, ...(spec.containers ?? []).map(of)]);
  const whole = new Map([...greater(running, starting), ...tallyOf(spec.resources?.[side])]);
  return addUp([whole, tallyOf(spec.overhead)]);
}

export function isFinished({ status }: PodLike): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Resources that quotas also know without `requests.`. */
const plain = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** What a pod uses of a quota; one that has finished is still an object, and no more. */
export function podUsage(pod: PodLike): Map<string, Amount> {
  const usage = new Map<string, Amount>([['count/pods', 1_000_000_000n]]);
  if (isFinished(pod)) return usage;
  usage.set('pods', 1_000_000_000n);
  for (const [name, amount] of podAsksFor(pod, 'requests')) {
    usage.set(`requests.${name}`, amount);
    if (plain.has(name)) usage.set(name, amount);
  }
  for (const [name, amount] of podAsksFor(pod, 'limits')) usage.set(`limits.${name}`, amount);
  return usage;
}

/** The resources of `hard` that a container of the pod leaves unsaid: with a limit on them, every one must say. */
export function unsaidIn({ spec }: PodLike, hard: Iterable<string>): string[] {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return [...hard].filter((key) => {
    const [side, name] = key.startsWith('limits.') ? (['limits', key.slice(7)] as const) : requestOf(key);
    if (!plain.has(name) || spec.resources?.[side]?.[name] !== undefined) return false;
    return containers.some(({ resources }) => resources?.[side]?.[name] === undefined);
  });
}

function requestOf(key: string): readonly ['requests', string] {
  return ['requests', key.startsWith('requests.') ? key.slice(9) : key];
}
