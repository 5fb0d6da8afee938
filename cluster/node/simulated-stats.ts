import type { ContainerStats, NodeStats, PodStats } from '../node-runtime.ts';
import { shortHash } from '../reconcile/canonical.ts';
import type { Informer } from '../reconcile/informer.ts';
import type { ContainerSpec, Pod } from '../reconcile/pod.ts';
import { quantity } from '../reconcile/quantity.ts';

export interface StatsOptions {
  readonly pods: Informer<Pod>;
  readonly nodes: ReadonlyMap<string, { readonly name: string }>;
  readonly startedMs: number;
}

const mebi = 1 << 20;
const waveSeconds = 600;
const swing = 0.3;
const windowSeconds = 15;
/** What the node itself needs. */
const ownNanoCores = 80_000_000;
const ownMemoryBytes = 600 * mebi;

/** Between 0 and 1, always the same for the same text. */
function fraction(text: string): number {
  const sum = [...shortHash(text)].reduce((value, letter) => (value * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
  return sum / 1_000_003;
}

/** Load that goes up and down around a mean, and what it has added up to. */
function wave(meanNano: number, seconds: number, phase: number): { now: number; total: number } {
  const angle = (2 * Math.PI * seconds) / waveSeconds + phase;
  const area = (swing * waveSeconds * (Math.cos(phase) - Math.cos(angle))) / (2 * Math.PI);
  return { now: Math.round(meanNano * (1 + swing * Math.sin(angle))), total: Math.round(meanNano * (seconds + area)) };
}

function memoryOf(spec: ContainerSpec | undefined, part: number): number {
  const { requests = {}, limits = {} } = spec?.resources ?? {};
  const asked = quantity(requests.memory ?? limits.memory);
  return Math.round(asked > 0 ? asked * (0.3 + 0.4 * part) : (8 + 100 * part) * mebi);
}

function containerStats(
  pod: Pod,
  name: string,
  { startedMs, nowMs }: { startedMs: number; nowMs: number },
): ContainerStats {
  const spec = pod.spec.containers.find((one) => one.name === name);
  const part = fraction(`${pod.metadata.uid}/${name}`);
  const { requests = {}, limits = {} } = spec?.resources ?? {};
  const cores = quantity(requests.cpu ?? limits.cpu);
  const mean = (cores > 0 ? cores * (0.2 + 0.4 * part) : 0.001 + 0.03 * part) * 1e9;
  const { now, total } = wave(mean, Math.max(0, nowMs - startedMs) / 1000, part * 2 * Math.PI);
  return { name, cpuNanoCores: now, cpuNanoSeconds: total, memoryBytes: memoryOf(spec, part), startedMs };
}

function podStats(pod: Pod, nowMs: number): PodStats {
  const { namespace = '', name, uid = '' } = pod.metadata;
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const containers = [...containerStatuses, ...initContainerStatuses].flatMap(({ name: container, state }) => {
    if (!state.running) return [];
    return [containerStats(pod, container, { startedMs: Date.parse(state.running.startedAt), nowMs })];
  });
  return { pod: { namespace, name, uid }, containers };
}

const sum = (stats: readonly ContainerStats[], field: 'cpuNanoCores' | 'cpuNanoSeconds' | 'memoryBytes'): number =>
  stats.reduce((total, one) => total + one[field], 0);

/** What simulated nodes and containers use: plausible, and always the same for the same pod at the same time. */
export function simulatedStats({ pods, nodes, startedMs }: StatsOptions, nowMs: number, only?: string): NodeStats[] {
  const wanted = [...nodes.keys()].filter((name) => only === undefined || name === only);
  const byNode = new Map<string, PodStats[]>(wanted.map((name) => [name, []]));
  const all = only === undefined ? pods.all() : pods.byIndex('node', only);
  for (const pod of all) {
    const list = byNode.get(pod.spec.nodeName ?? '');
    if (!list) continue;
    const stats = podStats(pod, nowMs);
    if (stats.containers.length > 0) list.push(stats);
  }
  return wanted.map((node) => {
    const list = byNode.get(node) ?? [];
    const containers = list.flatMap((one) => one.containers);
    return {
      node,
      atMs: nowMs,
      windowSeconds,
      cpuNanoCores: ownNanoCores + sum(containers, 'cpuNanoCores'),
      cpuNanoSeconds: Math.round((ownNanoCores * (nowMs - startedMs)) / 1000) + sum(containers, 'cpuNanoSeconds'),
      memoryBytes: ownMemoryBytes + sum(containers, 'memoryBytes'),
      startedMs,
      pods: list,
    };
  });
}
