import type { ContainerState, TerminatedState } from '../../reconcile/pod.ts';
import type { LinuxUser } from './container-facts.ts';
import type { PlannedContainer } from './engine-pod.ts';
import type { SeenContainer } from './engine-containers.ts';

/** What a node remembers of a container besides what the engine knows. */
export interface ContainerMemory {
  /** Why it cannot be started now, and when to try again. */
  waiting?: { readonly reason: string; readonly message?: string } | undefined;
  retryMs: number;
  pullFailures: number;
  isPulling: boolean;
  /** An image that was pulled for the start that comes next. */
  pulledImage?: string;
  /** How many restarts in a row make the next one wait. */
  backOffs: number;
  /** By the engine's id: why a container could not be started, and what ended ones had to say. */
  readonly startErrors: Map<string, { readonly message: string; readonly at: string }>;
  readonly messages: Map<string, string>;
  /** Those the kernel has ended for the memory they took, where the engine does not say so. */
  readonly greedy: Set<string>;
  /** By the engine's id: who those that have run ran as. */
  readonly users: Map<string, LinuxUser>;
  /** The id of the container whose back-off was told. */
  toldBackOff?: string;
}

export function freshMemory(): ContainerMemory {
  return {
    waiting: undefined,
    retryMs: 0,
    pullFailures: 0,
    isPulling: false,
    backOffs: 0,
    startErrors: new Map(),
    messages: new Map(),
    greedy: new Set(),
    users: new Map(),
  };
}

export interface ContainerView {
  readonly planned: PlannedContainer;
  readonly latest: SeenContainer | undefined;
  readonly stage: 'queued' | 'running' | 'crash back-off' | 'ended';
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly user: LinuxUser | undefined;
  readonly restartCount: number;
  /** From when on it may be started; undefined: it is not to be started. */
  readonly startFromMs: number | undefined;
}

export interface ViewSetting {
  readonly nowMs: number;
  readonly pod: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly restartPolicy: string;
  /** Nothing is started any more. */
  readonly isEnding: boolean;
}

const notStartedExitCode = 128;
const longRunMs = 10 * 60_000;
const mostPauseMs = 300_000;

/** 10 s, 20 s, 40 s … 5 min; none before the first restart. */
export function restartPauseMs(backOffs: number): number {
  return backOffs === 0 ? 0 : Math.min(mostPauseMs, 10_000 * 2 ** (backOffs - 1));
}

/** How many restarts in a row there were, after this one: one that ran for long begins anew. */
export function backOffsAfter(backOffs: number, { startedAt, finishedAt }: SeenContainer): number {
  return (Date.parse(finishedAt) - Date.parse(startedAt) >= longRunMs ? 0 : backOffs) + 1;
}

function reasonOf({ oomKilled, exitCode }: SeenContainer): string {
  if (oomKilled) return 'OOMKilled';
  return exitCode === 0 ? 'Completed' : 'Error';
}

/** How a container has ended. */
export function terminatedState(seen: SeenContainer, memory: ContainerMemory, scheme: string): TerminatedState {
  const containerID = `${scheme}://${seen.id}`;
  const error = memory.startErrors.get(seen.id);
  if (error)
    return {
      exitCode: notStartedExitCode,
      reason: 'StartError',
      message: error.message,
      startedAt: '1970-01-01T00:00:00Z',
      finishedAt: error.at,
      containerID,
    };
  const message = memory.messages.get(seen.id);
  return {
    exitCode: seen.exitCode,
    reason: memory.greedy.has(seen.id) ? 'OOMKilled' : reasonOf(seen),
    ...(message && { message }),
    startedAt: seen.startedAt,
    finishedAt: seen.finishedAt,
    containerID,
  };
}

function restarts({ role }: PlannedContainer, exitCode: number, { restartPolicy, isEnding }: ViewSetting): boolean {
  if (isEnding || role === 'ephemeral') return false;
  if (role === 'sidecar') return true;
  const policy = role === 'init' && restartPolicy === 'Always' ? 'OnFailure' : restartPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function pauseText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`;
}

export interface LookedAt {
  readonly planned: PlannedContainer;
  /** All of this name that the engine still has, the newest first. */
  readonly attempts: readonly SeenContainer[];
  readonly memory: ContainerMemory;
  /** Of container ids, e.g. `docker`. */
  readonly scheme: string;
}

/** Where a container is, and what is to be done with it, from what the engine and the node know. */
export function viewContainer(looked: LookedAt, setting: ViewSetting): ContainerView {
  const { planned, attempts, memory, scheme } = looked;
  const [latest, before] = attempts;
  const lastState = before ? { terminated: terminatedState(before, memory, scheme) } : {};
  const user = memory.users.get(latest?.id ?? '');
  const base = { planned, latest, lastState, user, restartCount: latest?.attempt ?? 0 };
  if (!latest || isUnstarted(latest, memory)) return { ...base, stage: 'queued', ...queued(memory, setting) };
  if (latest.state === 'running')
    return {
      ...base,
      stage: 'running',
      state: { running: { startedAt: latest.startedAt } },
      startFromMs: undefined,
    };
  return endedView({ ...base, latest }, looked, setting);
}

function queued(memory: ContainerMemory, { isEnding }: ViewSetting): Pick<ContainerView, 'state' | 'startFromMs'> {
  return {
    state: memory.waiting ? { waiting: memory.waiting } : {},
    startFromMs: isEnding || memory.isPulling ? undefined : memory.retryMs,
  };
}

function isUnstarted({ state, id }: SeenContainer, { startErrors }: ContainerMemory): boolean {
  return state === 'created' && !startErrors.has(id);
}

function endedView(
  base: Pick<ContainerView, 'planned' | 'lastState' | 'user' | 'restartCount'> & { readonly latest: SeenContainer },
  { planned, memory, scheme }: LookedAt,
  setting: ViewSetting,
): ContainerView {
  const terminated = terminatedState(base.latest, memory, scheme);
  if (!restarts(planned, terminated.exitCode, setting))
    return { ...base, stage: 'ended', state: { terminated }, startFromMs: undefined };
  const pauseMs = restartPauseMs(memory.backOffs);
  const startFromMs = Math.max(memory.retryMs, Date.parse(terminated.finishedAt) + pauseMs);
  const again = { ...base, stage: 'crash back-off' as const, startFromMs: memory.isPulling ? undefined : startFromMs };
  if (memory.waiting) return { ...again, state: { waiting: memory.waiting }, lastState: { terminated } };
  if (pauseMs === 0 || setting.nowMs >= startFromMs) return { ...again, state: { terminated } };
  const { name, namespace, uid } = setting.pod;
  const where = `restarting failed container=${planned.spec.name} pod=${name}_${namespace}(${uid})`;
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off ${pauseText(pauseMs)} ${where}` };
  return { ...again, state: { waiting }, lastState: { terminated } };
}
