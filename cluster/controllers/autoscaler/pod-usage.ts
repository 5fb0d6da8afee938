import { quantity } from '../../reconcile/quantity.ts';
import { type Pod, podCondition } from '../../reconcile/pod.ts';

/** What one pod was measured to use, in thousandths of the resource's unit. */
export interface Measured {
  readonly milli: number;
  readonly atMs: number;
  readonly windowMs: number;
}

/** What a metric asks for. */
export interface Proposal {
  readonly replicas: number;
  /** Of the request, in percent; only for utilization. */
  readonly utilization?: number;
  /** The mean of a pod, in thousandths. */
  readonly averageMilli: number;
}

export interface UsageQuestion {
  readonly pods: readonly Pod[];
  readonly measured: ReadonlyMap<string, Measured>;
  readonly resource: string;
  /** Only this container of each pod. */
  readonly container?: string;
  readonly current: number;
  readonly isTolerable: (ratio: number) => boolean;
  readonly nowMs: number;
}

/** CPU of a pod that has just started says little about its load. */
const startingMs = 300_000;
const firstReadinessMs = 30_000;

const noMetrics = 'did not receive metrics for targeted pods (pods might be unready)';

function isStarting(pod: Pod, sample: Measured, nowMs: number): boolean {
  const ready = podCondition(pod, 'Ready');
  const startMs = Date.parse(pod.status?.startTime ?? '');
  if (!ready || Number.isNaN(startMs)) return true;
  const changedMs = Date.parse(ready.lastTransitionTime ?? '');
  const isUnready = ready.status === 'False';
  if (startMs + startingMs > nowMs) return isUnready || sample.atMs < changedMs + sample.windowMs;
  return isUnready && startMs + firstReadinessMs > changedMs;
}

interface Groups {
  counted: number;
  readonly unready: string[];
  readonly missing: string[];
  readonly metrics: Map<string, number>;
}

function group({ pods, measured, resource, nowMs }: UsageQuestion): Groups {
  const groups: Groups = { counted: 0, unready: [], missing: [], metrics: new Map() };
  for (const pod of pods) {
    const { name } = pod.metadata;
    const { phase } = pod.status ?? {};
    if (pod.metadata.deletionTimestamp || phase === 'Failed') continue;
    const sample = measured.get(name);
    if (phase === 'Pending') groups.unready.push(name);
    else if (!sample) groups.missing.push(name);
    else if (resource === 'cpu' && isStarting(pod, sample, nowMs)) groups.unready.push(name);
    else {
      groups.counted++;
      groups.metrics.set(name, sample.milli);
    }
  }
  return groups;
}

function requestOf(pod: Pod, { resource, container }: UsageQuestion): number {
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const all = [...pod.spec.containers, ...sidecars];
  const chosen = container === undefined ? all : all.filter(({ name }) => name === container);
  if (chosen.length === 0) throw new Error(`container ${container} not found in Pod ${pod.metadata.name}`);
  return chosen.reduce((sum, { name, resources }) => {
    const request = resources?.requests?.[resource];
    if (request === undefined)
      throw new Error(`missing request for ${resource} in container ${name} of Pod ${pod.metadata.name}`);
    return sum + Math.ceil(quantity(request) * 1000);
  }, 0);
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

interface Level {
  readonly ratio: number;
  readonly utilization: number;
  readonly averageMilli: number;
}

/** Usage as a share of what was asked for, and that as a share of the target. */
function utilizationOf(
  metrics: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: number,
): Level {
  const known = [...metrics].filter(([name]) => requests.has(name));
  const requested = sum(known.map(([name]) => requests.get(name) ?? 0));
  if (requested === 0) throw new Error('no metrics returned matched known pods');
  const used = sum(known.map(([, milli]) => milli));
  const utilization = Math.trunc((used * 100) / requested);
  return { ratio: utilization / target, utilization, averageMilli: Math.trunc(used / known.length) };
}

interface Levels {
  readonly first: Level;
  readonly again: (metrics: ReadonlyMap<string, number>) => Level;
  /** What a pod without a sample counts when the workload would shrink. */
  readonly missingAs: (name: string) => number;
}

/** The samples, with guesses for pods that have none: full load when it would shrink, none when it would grow. */
function withGuesses({ unready, missing, metrics }: Groups, { first, missingAs }: Levels): Map<string, number> {
  const all = new Map(metrics);
  if (first.ratio !== 1) for (const name of missing) all.set(name, first.ratio < 1 ? missingAs(name) : 0);
  if (first.ratio > 1) for (const name of unready) all.set(name, 0);
  return all;
}

const turns = (from: number, to: number): boolean => (from < 1 && to > 1) || (from > 1 && to < 1);

/** Pods that cannot be measured count so that they slow a change down, and never turn it round. */
function replicasFor({ current, isTolerable }: UsageQuestion, groups: Groups, levels: Levels): number {
  const { ratio } = levels.first;
  const isPlain = groups.missing.length === 0 && (groups.unready.length === 0 || ratio <= 1);
  if (isPlain) return isTolerable(ratio) ? current : Math.ceil(ratio * groups.counted);
  const metrics = withGuesses(groups, levels);
  const next = levels.again(metrics).ratio;
  if (isTolerable(next) || turns(ratio, next)) return current;
  const replicas = Math.ceil(next * metrics.size);
  return next < 1 ? Math.min(replicas, current) : Math.max(replicas, current);
}

function groupsOf(question: UsageQuestion): Groups {
  if (question.pods.length === 0) throw new Error('no pods returned by selector while calculating replica count');
  const groups = group(question);
  if (groups.metrics.size === 0) throw new Error(noMetrics);
  return groups;
}

/** How many pods bring the usage to `target` percent of what they request. Throws a sentence when nobody can tell. */
export function replicasForUtilization(question: UsageQuestion, target: number): Proposal {
  const groups = groupsOf(question);
  const requests = new Map(question.pods.map((pod) => [pod.metadata.name, requestOf(pod, question)]));
  const again = (metrics: ReadonlyMap<string, number>): Level => utilizationOf(metrics, requests, target);
  const first = again(groups.metrics);
  const missingAs = (name: string): number => ((requests.get(name) ?? 0) * Math.max(100, target)) / 100;
  const replicas = replicasFor(question, groups, { first, again, missingAs });
  return { replicas, utilization: first.utilization, averageMilli: first.averageMilli };
}

/** How many pods bring the mean of a pod to `targetMilli`. Throws a sentence when nobody can tell. */
export function replicasForAverage(question: UsageQuestion, targetMilli: number): Proposal {
  const groups = groupsOf(question);
  const again = (metrics: ReadonlyMap<string, number>): Level => {
    const averageMilli = Math.trunc(sum(metrics.values()) / metrics.size);
    return { ratio: averageMilli / targetMilli, utilization: 0, averageMilli };
  };
  const first = again(groups.metrics);
  const replicas = replicasFor(question, groups, { first, again, missingAs: () => targetMilli });
  return { replicas, averageMilli: first.averageMilli };
}
