import { runHook } from './container-actions.ts';
import { ContainerStarter } from './container-starter.ts';
import { stopContainer } from './container-stopper.ts';
import {
  backOffsAfter,
  type ContainerMemory,
  type ContainerView,
  freshMemory,
  viewContainer,
  type ViewSetting,
} from './container-view.ts';
import { sandboxName, type SeenContainer } from './engine-containers.ts';
import { EngineError } from './engine-client.ts';
import { type EnginePod, fieldPathOf, type PlannedContainer, plannedContainers } from './engine-pod.ts';
import { learnOfEnd, learnOfUser } from './last-words.ts';
import { idScheme, type NodeParts } from './node-parts.ts';
import { makeSandbox, runningSandbox, type Sandbox } from './pod-sandbox.ts';
import { MountProblem } from './pod-volumes.ts';
import { placeOf, type RunningContainer, RunningContainers } from './running-containers.ts';

/** A container as the node sees it, with what its probes say. */
export interface WorkedContainer extends ContainerView {
  readonly ready: boolean;
  readonly started: boolean;
}

/** What a look at the pod has come to. */
export interface PodSight {
  readonly sandbox: Sandbox | undefined;
  readonly containers: readonly WorkedContainer[];
  /** When to look again by itself. */
  readonly nextMs: number | undefined;
}

const sandboxRetryMs = 5_000;
const mountRetryMs = 2_000;

/** Takes one pod through its life on this node. Nothing of it runs twice at once. */
export class PodWorker {
  readonly #parts: NodeParts;
  readonly #wake: () => void;
  readonly #starter: ContainerStarter;
  readonly #memories = new Map<string, ContainerMemory>();
  readonly #running: RunningContainers;
  readonly #stopping = new Map<string, Promise<void>>();
  #retryMs = 0;
  #volumesMs = -Infinity;
  #termination: Promise<void> | undefined;
  #isTerminated = false;

  /** `wake` is called when the pod is to be looked at again. */
  constructor(parts: NodeParts, wake: () => void) {
    this.#parts = parts;
    this.#wake = wake;
    this.#starter = new ContainerStarter(parts);
    this.#running = new RunningContainers({ parts, wake, restart: (pod, of) => this.#stop(pod, of) });
  }

  /** Forgets the pod without touching its containers. */
  close(): void {
    this.#running.close();
  }

  /** Looks at the pod and does what is to be done now. */
  async sync(pod: EnginePod): Promise<PodSight> {
    const { clock } = this.#parts;
    const seen = await this.#seen(pod);
    const sandbox = this.#sandbox(pod, seen);
    const before = await this.#views(pod, seen, false);
    if (isOver(before)) this.#endSidecars(pod, before, sandbox?.ip ?? '');
    else if (clock.now() >= this.#retryMs) return this.#advance(pod, seen, sandbox);
    const sight = await this.#sight(pod, seen, false);
    return isOver(before) ? sight : { ...sight, nextMs: this.#retryMs };
  }

  async #advance(pod: EnginePod, seen: readonly SeenContainer[], sandbox: Sandbox | undefined): Promise<PodSight> {
    const isPrepared = await this.#prepare(pod, seen, sandbox);
    if (!isPrepared) return { ...(await this.#sight(pod, seen, false)), nextMs: this.#retryMs };
    const now = sandbox ? seen : await this.#seen(pod);
    const inside = this.#sandbox(pod, now);
    const isChanged = inside !== undefined && (await this.#startDue(pod, now, inside));
    return this.#sight(pod, isChanged ? await this.#seen(pod) : now, false);
  }

  #seen({ metadata }: EnginePod): Promise<SeenContainer[]> {
    return this.#parts.containers.ofPod(metadata.uid ?? '');
  }

  #sandbox(pod: EnginePod, seen: readonly SeenContainer[]): Sandbox | undefined {
    return runningSandbox(seen, pod, this.#parts.hostIP);
  }

  /**
   * Ends the pod: answers what is left of it, and whether all containers have stopped. The first call begins with it,
   * the pod is looked at again when that is done.
   */
  async terminate(pod: EnginePod, graceSeconds: number): Promise<PodSight & { readonly isOver: boolean }> {
    const seen = await this.#seen(pod);
    if (!this.#termination) {
      this.#running.stopProbes();
      const views = await this.#views(pod, seen, true);
      const ip = this.#sandbox(pod, seen)?.ip ?? '';
      this.#termination = this.#stopAll(pod, views, { ip, graceSeconds })
        .catch((error: unknown) => {
          this.#parts.log.warn('a pod was not stopped, trying again', { pod: pod.metadata.name, error });
          this.#termination = undefined;
        })
        .then(() => {
          this.#isTerminated = this.#termination !== undefined;
          this.#wake();
        });
    }
    return { ...(await this.#sight(pod, seen, true)), isOver: this.#isTerminated };
  }

  /** Takes away everything the pod has in the engine and on this machine. */
  async remove(uid: string): Promise<void> {
    this.close();
    const { containers, volumes } = this.#parts;
    const seen = await containers.ofPod(uid);
    const others = seen.filter(({ name }) => name !== sandboxName);
    await Promise.all(others.map(({ id }) => containers.remove(id)));
    for (const { id, name } of seen) if (name === sandboxName) await containers.remove(id);
    await volumes.remove(uid);
  }

  /** Gives back the network of a pod whose work is over; the ended containers stay, for their logs. */
  async release(uid: string): Promise<void> {
    this.close();
    const { containers } = this.#parts;
    const seen = await containers.ofPod(uid);
    // Not removed: for Podman the ended containers hang on it.
    await Promise.all(seen.filter(({ state }) => state === 'running').map(({ id }) => containers.stop(id, 0)));
  }

  async #prepare(pod: EnginePod, seen: readonly SeenContainer[], sandbox: Sandbox | undefined): Promise<boolean> {
    const { clock, record, volumes } = this.#parts;
    const nowMs = clock.now();
    try {
      const isDue = nowMs - this.#volumesMs >= volumePeriodMs;
      if (isDue) await volumes.prepare(pod, sandbox?.ip ?? '', nowMs);
      if (isDue) this.#volumesMs = nowMs;
      if (!sandbox) await makeSandbox(this.#parts, pod, seen);
      return true;
    } catch (error) {
      if (error instanceof MountProblem) {
        this.#retryMs = nowMs + mountRetryMs;
        record(pod, { type: 'Warning', reason: 'FailedMount', message: error.message });
        return sandbox !== undefined;
      }
      if (!(error instanceof EngineError)) throw error;
      this.#retryMs = nowMs + sandboxRetryMs;
      const message = `Failed to create pod sandbox: ${error.message}`;
      record(pod, { type: 'Warning', reason: 'FailedCreatePodSandBox', message });
      return false;
    }
  }

  async #startDue(pod: EnginePod, seen: readonly SeenContainer[], sandbox: Sandbox): Promise<boolean> {
    let isChanged = false;
    const start = async (view: WorkedContainer): Promise<void> => {
      if (await this.#startIfDue(pod, view, { seen, sandbox })) isChanged = true;
    };
    const all = await this.#views(pod, seen, false);
    const inits = all.filter(({ planned }) => planned.role === 'init' || planned.role === 'sidecar');
    const blocking = inits.find((view) => !letsNextStart(view));
    for (const view of inits) {
      if (view.planned.role === 'sidecar' || view === blocking) await start(view);
      if (view === blocking) break;
    }
    const others = all.filter(({ planned }) => planned.role === 'ephemeral' || (planned.role === 'main' && !blocking));
    await Promise.all(others.map(start));
    return isChanged;
  }

  async #startIfDue(
    pod: EnginePod,
    view: WorkedContainer,
    { seen, sandbox }: { seen: readonly SeenContainer[]; sandbox: Sandbox },
  ): Promise<boolean> {
    const { planned, latest, startFromMs } = view;
    const memory = this.#memory(planned.spec.name, latest);
    if (view.stage === 'crash back-off') this.#tellBackOff(pod, view, memory);
    if (startFromMs === undefined || startFromMs > this.#parts.clock.now()) return false;
    await this.#start(pod, view, { seen, sandbox, memory });
    return true;
  }

  async #start(
    pod: EnginePod,
    { planned, latest, stage }: WorkedContainer,
    { seen, sandbox, memory }: { seen: readonly SeenContainer[]; sandbox: Sandbox; memory: ContainerMemory },
  ): Promise<void> {
    const ended = stage === 'crash back-off' ? latest : undefined;
    const target = attemptsOf(seen, planned.spec.targetContainerName ?? '')[0];
    const id = await this.#starter.start({
      pod,
      planned,
      memory,
      attempt: ended ? ended.attempt + 1 : (latest?.attempt ?? 0),
      sandboxId: sandbox.id,
      ip: sandbox.ip,
      wake: this.#wake,
      ...(target && { targetId: target.id }),
    });
    if (id === undefined) return;
    if (ended) memory.backOffs = backOffsAfter(memory.backOffs, ended);
    await this.#forgetOld(seen, planned);
    if (!memory.startErrors.has(id)) void this.#postStart(pod, planned, { id, ip: sandbox.ip });
  }

  async #postStart(pod: EnginePod, planned: PlannedContainer, { id, ip }: { id: string; ip: string }): Promise<void> {
    const { record, containers } = this.#parts;
    const hook = planned.spec.lifecycle?.postStart;
    const problem = hook && (await runHook(hook, placeOf(this.#parts, planned, { id, ip }), 60_000).catch(String));
    if (problem === undefined || this.#running.isClosed) return;
    const fieldPath = fieldPathOf(planned);
    record(pod, {
      type: 'Warning',
      reason: 'FailedPostStartHook',
      message: 'PostStartHook failed',
      fieldPath,
    });
    const seen = await containers.inspect(id);
    if (seen) this.#stop(pod, { planned, seen, ip, message: 'FailedPostStartHook' });
  }

  // Two ended ones of a name are kept: the last, and the one before, whose log may be asked for.
  async #forgetOld(seen: readonly SeenContainer[], { spec }: PlannedContainer): Promise<void> {
    for (const { id } of attemptsOf(seen, spec.name).slice(1)) await this.#parts.containers.remove(id);
  }

  #tellBackOff(pod: EnginePod, { planned, latest, state }: WorkedContainer, memory: ContainerMemory): void {
    if (state.waiting?.reason !== 'CrashLoopBackOff' || !latest || memory.toldBackOff === latest.id) return;
    memory.toldBackOff = latest.id;
    const { name, namespace, uid } = pod.metadata;
    const message = `Back-off restarting failed container ${planned.spec.name} in pod ${name}_${namespace}(${uid})`;
    this.#parts.record(pod, { type: 'Warning', reason: 'BackOff', message, fieldPath: fieldPathOf(planned) });
  }

  #endSidecars(pod: EnginePod, views: readonly WorkedContainer[], ip: string): void {
    const last = views.filter(({ planned, stage }) => planned.role === 'sidecar' && stage === 'running').at(-1);
    if (last?.latest) this.#stop(pod, { planned: last.planned, seen: last.latest, ip });
  }

  #stop(
    pod: EnginePod,
    of: { planned: PlannedContainer; seen: SeenContainer; ip: string; message?: string; graceSeconds?: number },
  ): void {
    const { id } = of.seen;
    if (this.#stopping.has(id)) return;
    const graceSeconds = of.graceSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    const stopping = stopContainer(this.#parts, { pod, graceSeconds, ...of })
      .catch((error: unknown) => this.#parts.log.warn('a container was not stopped', { container: id, error }))
      .finally(() => {
        this.#stopping.delete(id);
        this.#wake();
      });
    this.#stopping.set(id, stopping);
  }

  async #stopAll(
    pod: EnginePod,
    views: readonly WorkedContainer[],
    { ip, graceSeconds }: { ip: string; graceSeconds: number },
  ): Promise<void> {
    const { clock } = this.#parts;
    const endMs = clock.now() + graceSeconds * 1000;
    const running = views.filter(({ stage }) => stage === 'running');
    const end = async ({ planned, latest }: WorkedContainer): Promise<void> => {
      const left = Math.max(0, (endMs - clock.now()) / 1000);
      if (latest) await stopContainer(this.#parts, { pod, planned, seen: latest, ip, graceSeconds: left });
    };
    await Promise.all(running.filter(({ planned }) => planned.role !== 'sidecar').map(end));
    for (const sidecar of running.filter(({ planned }) => planned.role === 'sidecar').reverse()) await end(sidecar);
  }

  async #sight(pod: EnginePod, seen: readonly SeenContainer[], isEnding: boolean): Promise<PodSight> {
    const { clock } = this.#parts;
    const sandbox = this.#sandbox(pod, seen);
    const containers = await this.#views(pod, seen, isEnding);
    if (!isEnding) this.#running.follow(pod, runningOf(containers, sandbox?.ip ?? ''));
    const nowMs = clock.now();
    const times = containers.flatMap(({ startFromMs, stage }) =>
      startFromMs !== undefined && (startFromMs > nowMs || stage === 'crash back-off') ? [startFromMs] : [],
    );
    const refreshMs = (pod.spec.volumes ?? []).length > 0 ? [this.#volumesMs + volumePeriodMs] : [];
    const all = [...times, ...refreshMs];
    return { sandbox, containers: this.#withProbes(containers), nextMs: all.length > 0 ? Math.min(...all) : undefined };
  }

  #memory(name: string, latest: SeenContainer | undefined): ContainerMemory {
    const known = this.#memories.get(name);
    if (known) return known;
    const memory = { ...freshMemory(), backOffs: latest?.attempt ?? 0 };
    this.#memories.set(name, memory);
    return memory;
  }

  async #views(pod: EnginePod, seen: readonly SeenContainer[], isEnding: boolean): Promise<WorkedContainer[]> {
    const { name, namespace = '', uid = '' } = pod.metadata;
    const restartPolicy = pod.spec.restartPolicy ?? 'Always';
    const setting: ViewSetting = {
      nowMs: this.#parts.clock.now(),
      pod: { name, namespace, uid },
      restartPolicy,
      isEnding,
    };
    const looked = plannedContainers(pod).map((planned) => {
      const attempts = attemptsOf(seen, planned.spec.name);
      return {
        planned,
        attempts,
        memory: this.#memory(planned.spec.name, attempts[0]),
        scheme: idScheme(this.#parts.engine),
      };
    });
    for (const { planned, attempts, memory } of looked)
      for (const one of attempts) {
        if (one.state === 'exited')
          await learnOfEnd(this.#parts, { podUid: uid, spec: planned.spec, seen: one, memory });
        if (one.state === 'running') await learnOfUser(one, memory);
      }
    const views = this.#withProbes(looked.map((one) => viewContainer(one, setting)));
    // With the work, sidecars end for good.
    return isOver(views)
      ? this.#withProbes(looked.map((one) => viewContainer(one, { ...setting, isEnding: true })))
      : views;
  }

  #withProbes(views: readonly ContainerView[]): WorkedContainer[] {
    return views.map((view) => {
      const probes = this.#running.probesOf(view.latest?.id);
      const isRunning = view.stage === 'running';
      const has = ({ startupProbe, readinessProbe }: PlannedContainer['spec']): boolean =>
        startupProbe !== undefined || readinessProbe !== undefined;
      const started = isRunning && (probes?.started ?? view.planned.spec.startupProbe === undefined);
      return { ...view, started, ready: started && (probes?.ready ?? !has(view.planned.spec)) };
    });
  }
}

const volumePeriodMs = 60_000;

/** The containers of one name, the newest first. */
export function attemptsOf(seen: readonly SeenContainer[], name: string): SeenContainer[] {
  return seen.filter((one) => one.name === name).sort((a, b) => b.attempt - a.attempt);
}

function runningOf(views: readonly WorkedContainer[], ip: string): RunningContainer[] {
  return views.flatMap(({ stage, planned, latest }) =>
    stage === 'running' && latest ? [{ planned, seen: latest, ip }] : [],
  );
}

/** A started sidecar, or an init step that has done its work, lets the next one start. */
function letsNextStart({ planned, stage, started, state }: WorkedContainer): boolean {
  if (planned.role === 'sidecar') return started || stage === 'crash back-off';
  return stage === 'ended' && state.terminated?.exitCode === 0;
}

/** Nothing is left to be done: all main containers have ended for good, or an init step has failed. */
function isOver(views: readonly WorkedContainer[]): boolean {
  const mains = views.filter(({ planned }) => planned.role === 'main');
  const isBroken = views.some(
    ({ planned, stage, state }) => planned.role === 'init' && stage === 'ended' && state.terminated?.exitCode !== 0,
  );
  return isBroken || mains.every(({ stage }) => stage === 'ended');
}
