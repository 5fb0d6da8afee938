import { most, readList, sum } from '../quota/resource-list.ts';
import type { ResourceList } from '../quota/resource-list.ts';

type Quantities = Readonly<Record<string, string | number>>;

export interface Resources {
  requests?: Quantities;
  limits?: Quantities;
}

export interface ContainerResources {
  readonly name: string;
  readonly restartPolicy?: string;
  resources?: Resources;
}

/** What is read of a pod's spec to know what it asks for. */
export interface ResourceSpec {
  readonly containers?: readonly ContainerResources[];
  readonly initContainers?: readonly ContainerResources[] | null;
  readonly overhead?: Quantities;
  readonly resources?: Resources;
}

type Side = 'requests' | 'limits';

/** Resources that a pod may ask for as a whole. */
const ofWholePod = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/** Containers that start before the others, one after the other; sidecars stay and count for all that start later. */
function beforeStart(
  containers: readonly ContainerResources[],
  side: Side,
): { peak: ResourceList; kept: ResourceList } {
  let kept: ResourceList = {};
  let peak: ResourceList = {};
  for (const { resources, restartPolicy } of containers) {
    const own = readList(resources?.[side]);
    if (restartPolicy === 'Always') kept = sum(kept, own);
    peak = most(peak, restartPolicy === 'Always' ? kept : sum(own, kept));
  }
  return { peak, kept };
}

/** What the pod as a whole asks for, or may use at most: the same sum the scheduler makes. */
export function podTotal(spec: ResourceSpec, side: Side): ResourceList {
  const containers = (spec.containers ?? []).map(({ resources }) => readList(resources?.[side]));
  const { peak, kept } = beforeStart(spec.initContainers ?? [], side);
  const ofContainers = most(sum(...containers, kept), peak);
  const whole = Object.entries(readList(spec.resources?.[side])).filter(([name]) => ofWholePod(name));
  const total = { ...ofContainers, ...Object.fromEntries(whole) };
  const overhead = readList(spec.overhead);
  if (side === 'requests') return sum(total, overhead);
  // No limit stays no limit, whatever the runtime adds.
  const limited = Object.entries(overhead).filter(([name]) => (total[name]?.nanos ?? 0n) !== 0n);
  return sum(total, Object.fromEntries(limited));
}
