import { parseQuantity } from './quantity.ts';

/** What the containers of pods ask for and may use at most: CPU in thousandths of a core, memory in bytes. */
export interface PodSums {
  readonly cpuRequests: number;
  readonly cpuLimits: number;
  readonly memoryRequests: number;
  readonly memoryLimits: number;
}

export const noSums: PodSums = { cpuRequests: 0, cpuLimits: 0, memoryRequests: 0, memoryLimits: 0 };

interface Amounts {
  readonly cpu?: string;
  readonly memory?: string;
}

interface Container {
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
}

/** The part of a pod that says what it takes of its node. */
export interface PodWithResources {
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly overhead?: Amounts;
  };
  readonly status?: { readonly phase?: string };
}

const milli = (text: string | undefined): number => Math.ceil((parseQuantity(text ?? '') ?? 0) * 1000);
const whole = (text: string | undefined): number => Math.ceil(parseQuantity(text ?? '') ?? 0);

function sumsOf({ resources }: Container): PodSums {
  const { requests, limits } = resources ?? {};
  return {
    cpuRequests: milli(requests?.cpu),
    cpuLimits: milli(limits?.cpu),
    memoryRequests: whole(requests?.memory),
    memoryLimits: whole(limits?.memory),
  };
}

function each(left: PodSums, right: PodSums, combine: (a: number, b: number) => number): PodSums {
  return {
    cpuRequests: combine(left.cpuRequests, right.cpuRequests),
    cpuLimits: combine(left.cpuLimits, right.cpuLimits),
    memoryRequests: combine(left.memoryRequests, right.memoryRequests),
    memoryLimits: combine(left.memoryLimits, right.memoryLimits),
  };
}

export const plus = (left: PodSums, right: PodSums): PodSums => each(left, right, (a, b) => a + b);
export const minus = (left: PodSums, right: PodSums): PodSums => each(left, right, (a, b) => a - b);

/** Init containers run one by one, beside the sidecars started before them: the most at once, and the sidecars alone. */
function startingSums(containers: readonly Container[]): { most: PodSums; sidecars: PodSums } {
  let [most, sidecars] = [noSums, noSums];
  for (const container of containers) {
    const beside = plus(sidecars, sumsOf(container));
    if (container.restartPolicy === 'Always') sidecars = beside;
    most = each(most, beside, Math.max);
  }
  return { most, sidecars };
}

/**
 * What a pod takes of its node, as the scheduler counts it: its containers and sidecars together, or an init container
 * beside the sidecars started before it if that is more; nothing once it has ended.
 */
export function podSums({ spec = {}, status = {} }: PodWithResources): PodSums {
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return noSums;
  const { containers = [], initContainers = [], overhead } = spec;
  const { most, sidecars } = startingSums(initContainers);
  const sums = each(most, containers.map(sumsOf).reduce(plus, sidecars), Math.max);
  return overhead ? plus(sums, sumsOf({ resources: { requests: overhead } })) : sums;
}
