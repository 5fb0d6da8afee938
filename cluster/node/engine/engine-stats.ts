import { cpus, freemem, totalmem, uptime } from 'node:os';
import type { Clock } from '@kit/base';
import type { ContainerStats, NodeStats, PodStats } from '../../node-runtime.ts';
import type { Pod } from '../../reconcile/pod.ts';
import type { ContainerSample } from './engine-types.ts';
import { type EngineContainers, sandboxName, type SeenContainer } from './engine-containers.ts';
import type { EngineClient } from './engine-client.ts';

export interface EngineStatsOptions {
  readonly client: EngineClient;
  readonly containers: EngineContainers;
  readonly clock: Clock;
  readonly node: string;
  readonly pods: () => readonly Pod[];
}

interface Counted {
  readonly atMs: number;
  readonly cpuNanoSeconds: number;
}

const freshMs = 5_000;

/** Samples of what the node's containers use, at most one every few seconds. */
export class EngineStats {
  readonly #options: EngineStatsOptions;
  readonly #before = new Map<string, Counted>();
  #latest: { readonly atMs: number; readonly stats: Promise<NodeStats> } | undefined;

  constructor(options: EngineStatsOptions) {
    this.#options = options;
  }

  sample(): Promise<NodeStats> {
    const nowMs = this.#options.clock.now();
    if (this.#latest && nowMs - this.#latest.atMs < freshMs) return this.#latest.stats;
    const stats = this.#take(nowMs);
    this.#latest = { atMs: nowMs, stats };
    stats.catch(() => (this.#latest = undefined));
    return stats;
  }

  async #take(nowMs: number): Promise<NodeStats> {
    const { node, pods } = this.#options;
    const running = pods().filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending');
    const sampled = await Promise.all(running.map((pod) => this.#ofPod(pod, nowMs)));
    const cpuNanoSeconds =
      cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) * 1e6;
    return {
      node,
      atMs: nowMs,
      windowSeconds: freshMs / 1000,
      cpuNanoCores: this.#rate('', { atMs: nowMs, cpuNanoSeconds }),
      cpuNanoSeconds,
      memoryBytes: totalmem() - freemem(),
      startedMs: nowMs - uptime() * 1000,
      pods: sampled.filter(({ containers }) => containers.length > 0),
    };
  }

  async #ofPod({ metadata }: Pod, nowMs: number): Promise<PodStats> {
    const { namespace = '', name, uid = '' } = metadata;
    const seen = await this.#options.containers.ofPod(uid);
    const running = seen.filter((one) => one.state === 'running' && one.name !== sandboxName);
    const containers = await Promise.all(running.map((one) => this.#ofContainer(one, nowMs)));
    return { pod: { namespace, name, uid }, containers };
  }

  async #ofContainer({ id, name, startedAt }: SeenContainer, atMs: number): Promise<ContainerStats> {
    const query = { stream: false, 'one-shot': true };
    const empty: ContainerSample = {}; // it may have ended meanwhile
    const sample = await this.#options.client
      .json<ContainerSample>('GET', `/containers/${id}/stats`, { query })
      .catch(() => empty);
    const cpuNanoSeconds = sample.cpu_stats?.cpu_usage?.total_usage ?? 0;
    const { usage = 0, stats = {} } = sample.memory_stats ?? {};
    // What can be given back at once is not in use: so do the nodes of a real cluster count.
    const unused = stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0;
    return {
      name,
      cpuNanoCores: this.#rate(id, { atMs, cpuNanoSeconds }),
      cpuNanoSeconds,
      memoryBytes: Math.max(0, usage - unused),
      startedMs: Date.parse(startedAt),
    };
  }

  #rate(key: string, now: Counted): number {
    const before = this.#before.get(key);
    this.#before.set(key, now);
    if (!before || now.atMs <= before.atMs) return 0;
    return Math.max(0, Math.round(((now.cpuNanoSeconds - before.cpuNanoSeconds) * 1000) / (now.atMs - before.atMs)));
  }
}
