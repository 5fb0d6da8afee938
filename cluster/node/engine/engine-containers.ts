import { setTimeout as pause } from 'node:timers/promises';
import { EngineError } from './engine-client.ts';
import type { Engine } from './find-engine.ts';
import type { InspectedContainer, ListedContainer } from './engine-types.ts';

/** How the engine's containers say whose they are; they are found again by it after a restart of this process. */
export const containerLabels = {
  cluster: 'cluster.local/cluster',
  podUid: 'io.kubernetes.pod.uid',
  podName: 'io.kubernetes.pod.name',
  podNamespace: 'io.kubernetes.pod.namespace',
  name: 'io.kubernetes.container.name',
  attempt: 'io.kubernetes.container.restartCount',
} as const;

/** The container name of a pod's sandbox, as every Kubernetes runtime calls it. */
export const sandboxName = 'POD';

/** A container of a pod, as the engine sees it. */
export interface SeenContainer {
  readonly id: string;
  readonly name: string;
  /** How often the container of this name was started before. */
  readonly attempt: number;
  readonly state: 'created' | 'running' | 'exited';
  readonly pid: number;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly imageId: string;
  readonly isTerminal: boolean;
  readonly addresses: readonly string[];
}

/** Podman says so between the end of a process and what it writes down about it. */
const notFinishedYet = '0001-01-01T00:00:00Z';
const settlingMs = 100;

const wholeSeconds = (at: string): string => at.replace(/\.\d+/, '').replace(/[+-]\d\d:\d\d$/, 'Z');

// Engines may write the time in the machine's zone.
function time(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? at : wholeSeconds(new Date(ms).toISOString());
}

function isSettling({ Status, StartedAt, FinishedAt }: InspectedContainer['State']): boolean {
  const isEnding = Status === 'stopping' || Status === 'stopped';
  return isEnding && time(StartedAt) !== notFinishedYet && time(FinishedAt) === notFinishedYet;
}

function stateOf(state: InspectedContainer['State']): SeenContainer['state'] {
  if (state.Running || isSettling(state)) return 'running';
  return ['created', 'configured', 'initialized'].includes(state.Status) ? 'created' : 'exited';
}

/** How a container is, as of what the engine says. While it does not know yet how one has ended, it runs. */
export function seenContainer({ Id, Image, State, Config, NetworkSettings }: InspectedContainer): SeenContainer {
  const labels = Config.Labels ?? {};
  const networks = Object.values(NetworkSettings?.Networks ?? {});
  return {
    id: Id,
    name: labels[containerLabels.name] ?? '',
    attempt: Number(labels[containerLabels.attempt] ?? 0),
    state: stateOf(State),
    pid: State.Pid,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled === true,
    startedAt: time(State.StartedAt),
    finishedAt: time(State.FinishedAt),
    imageId: Image,
    isTerminal: Config.Tty === true,
    addresses: networks.flatMap(({ IPAddress }) => (IPAddress ? [IPAddress] : [])),
  };
}

/** The containers of one cluster in the engine. */
export class EngineContainers {
  readonly #engine: Engine;
  readonly #cluster: string;

  constructor(engine: Engine, cluster: string) {
    this.#engine = engine;
    this.#cluster = cluster;
  }

  /** Those of one pod, its sandbox among them. */
  async ofPod(uid: string): Promise<SeenContainer[]> {
    const listed = await this.#list(`${containerLabels.podUid}=${uid}`);
    const seen = await Promise.all(listed.map(({ Id }) => this.inspect(Id)));
    return seen.filter((one) => one !== undefined);
  }

  /** Removes every container of the cluster at once. */
  async removeAll(): Promise<void> {
    const listed = await this.#list();
    const isSandbox = ({ Labels }: ListedContainer): boolean => Labels?.[containerLabels.name] === sandboxName;
    await Promise.all(listed.filter((one) => !isSandbox(one)).map(({ Id }) => this.remove(Id)));
    await Promise.all(listed.filter(isSandbox).map(({ Id }) => this.remove(Id)));
  }

  async podUids(): Promise<Set<string>> {
    const listed = await this.#list();
    return new Set(listed.map(({ Labels }) => Labels?.[containerLabels.podUid] ?? ''));
  }

  async inspect(id: string): Promise<SeenContainer | undefined> {
    const found = await this.#engine.client.find<InspectedContainer>(`/containers/${id}/json`);
    return found && seenContainer(found);
  }

  /** Creates a container; the labels of the cluster are added. One with this name that is left over goes first. */
  async create(name: string, config: { readonly Labels: Readonly<Record<string, string>> }): Promise<string> {
    const { client } = this.#engine;
    const body = { ...config, Labels: { ...config.Labels, [containerLabels.cluster]: this.#cluster } };
    const ask = (): Promise<{ Id: string }> => client.json('POST', '/containers/create', { query: { name }, body });
    try {
      return (await ask()).Id;
    } catch (error) {
      if (!(error instanceof EngineError) || (error.status !== 409 && !error.message.includes('already in use')))
        throw error;
      await this.remove(name);
      return (await ask()).Id;
    }
  }

  async start(id: string): Promise<void> {
    await this.#engine.client.json('POST', `/containers/${id}/start`);
  }

  /** Resolves when it has ended: by itself within the time that is given, or by force. */
  async stop(id: string, graceSeconds: number): Promise<void> {
    await this.#forgiving(() =>
      this.#engine.client.json('POST', `/containers/${id}/stop`, {
        query: { t: Math.max(0, Math.ceil(graceSeconds)) },
      }),
    );
  }

  /** Resolves when the container does not run any more, or is gone. */
  async ended(id: string, signal: AbortSignal): Promise<void> {
    await this.#forgiving(() => this.#engine.client.json('POST', `/containers/${id}/wait`, { signal }));
    // Of the machine's time: the engine has to write down how it has ended.
    while (!signal.aborted && (await this.inspect(id))?.state === 'running') await pause(settlingMs);
  }

  async remove(id: string): Promise<void> {
    await this.#forgiving(() =>
      this.#engine.client.json('DELETE', `/containers/${id}`, { query: { force: true, v: true } }),
    );
  }

  async #list(label?: string): Promise<ListedContainer[]> {
    const labels = [`${containerLabels.cluster}=${this.#cluster}`, ...(label ? [label] : [])];
    const query = { all: true, filters: JSON.stringify({ label: labels }) };
    return this.#engine.client.json('GET', '/containers/json', { query });
  }

  // What is to be stopped or removed may be gone already, or be on its way out.
  async #forgiving(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
    }
  }
}
