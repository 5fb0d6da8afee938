import { type ActionPlace, runProbe } from './container-actions.ts';
import { ContainerProbes, type ProbeKind } from './container-probes.ts';
import type { SeenContainer } from './engine-containers.ts';
import { type EnginePod, fieldPathOf, type PlannedContainer } from './engine-pod.ts';
import type { NodeParts } from './node-parts.ts';

/** A container of a pod that runs, and where it is reached. */
export interface RunningContainer {
  readonly planned: PlannedContainer;
  readonly seen: SeenContainer;
  readonly ip: string;
}

export interface RunningContainersOptions {
  readonly parts: NodeParts;
  /** Something has changed: the pod is to be looked at. */
  readonly wake: () => void;
  /** A probe wants the container to be restarted. */
  readonly restart: (pod: EnginePod, of: RunningContainer & { message: string; graceSeconds?: number }) => void;
}

const title: Record<ProbeKind, string> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };

/** Where hooks and probes of a container go to. */
export function placeOf(
  { engine, clock }: NodeParts,
  planned: PlannedContainer,
  at: { id: string; ip: string },
): ActionPlace {
  return { client: engine.client, clock, containerId: at.id, container: planned.spec, ip: at.ip };
}

/** Waits for the end of the containers of one pod that run, and probes them. */
export class RunningContainers {
  readonly #options: RunningContainersOptions;
  readonly #probes = new Map<string, ContainerProbes>();
  readonly #watched = new Set<string>();
  readonly #closing = new AbortController();

  constructor(options: RunningContainersOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** What the probes of a container say; undefined while it has none. */
  probesOf(id: string | undefined): ContainerProbes | undefined {
    return this.#probes.get(id ?? '');
  }

  /** Follows exactly these from now on. */
  follow(pod: EnginePod, running: readonly RunningContainer[]): void {
    const ids = new Set(running.map(({ seen }) => seen.id));
    for (const [id, probes] of this.#probes) {
      if (ids.has(id)) continue;
      probes.close();
      this.#probes.delete(id);
    }
    for (const one of running) {
      const { id } = one.seen;
      if (!this.#watched.has(id)) void this.#watchEnd(id);
      if (!this.#probes.has(id)) this.#probes.set(id, this.#probe(pod, one));
    }
  }

  /** Probes nothing any more; ends are still waited for. */
  stopProbes(): void {
    for (const probes of this.#probes.values()) probes.close();
  }

  close(): void {
    this.#closing.abort();
    this.stopProbes();
    this.#probes.clear();
  }

  async #watchEnd(id: string): Promise<void> {
    const { parts, wake } = this.#options;
    this.#watched.add(id);
    await parts.containers.ended(id, this.#closing.signal).catch(() => undefined); // looked at again all the same
    this.#watched.delete(id);
    if (!this.isClosed) wake();
  }

  #probe(pod: EnginePod, one: RunningContainer): ContainerProbes {
    const { parts, wake } = this.#options;
    const { planned, seen, ip } = one;
    const { startupProbe: startup, readinessProbe: readiness, livenessProbe: liveness } = planned.spec;
    const place = placeOf(parts, planned, { id: seen.id, ip });
    return new ContainerProbes({
      clock: parts.clock,
      startedMs: Date.parse(seen.startedAt),
      probes: { ...(startup && { startup }), ...(readiness && { readiness }), ...(liveness && { liveness }) },
      check: (probe, timeoutMs) => runProbe(probe, place, timeoutMs),
      onFailure: (kind, { output, isUnknown }) => {
        const how = isUnknown ? 'errored and resulted in unknown state' : 'failed';
        const message = `${title[kind]} probe ${how}: ${output}`;
        parts.record(pod, { type: 'Warning', reason: 'Unhealthy', message, fieldPath: fieldPathOf(planned) });
      },
      onChange: (change, kind) => {
        if (change === 'dead') this.#restart(kind, pod, one);
        wake();
      },
    });
  }

  #restart(kind: ProbeKind, pod: EnginePod, of: RunningContainer): void {
    const { spec } = of.planned;
    const own = (kind === 'liveness' ? spec.livenessProbe : spec.startupProbe)?.terminationGracePeriodSeconds;
    const message = `Container ${spec.name} failed ${kind} probe, will be restarted`;
    this.#options.restart(pod, { ...of, message, ...(own !== undefined && { graceSeconds: own }) });
  }
}
