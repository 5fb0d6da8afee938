import { timestamp } from '@kit/base';
import type { EventDraft } from '../reconcile/event-recorder.ts';
import type { ContainerSpec, ContainerState, ContainerStatus } from '../reconcile/pod.ts';
import { type Behaviour, behaviourOf } from './container-behaviour.ts';
import { containerId, imageId, imageSizeBytes, pullProblem } from './image.ts';
import type { PodProblems } from './pod-problems.ts';
import type { SimulationWishes } from './simulation-wishes.ts';
import type { StageDelays } from './stage-delays.ts';

/** Where a container is. It leaves a stage when its time has come. */
export type ContainerStage =
  | 'queued'
  | 'pulling'
  | 'pull failed'
  | 'pull back-off'
  | 'config failed'
  | 'starting'
  | 'running'
  | 'crash back-off'
  | 'ended';

export interface ContainerRun {
  readonly spec: ContainerSpec;
  readonly role: 'init' | 'sidecar' | 'main' | 'ephemeral';
  stage: ContainerStage;
  /** When it leaves its stage; undefined: not by itself. */
  dueMs: number | undefined;
  readyMs: number | undefined;
  startedMs: number;
  state: ContainerState;
  lastState: ContainerState;
  restartCount: number;
  pullFailures: number;
  /** How the process was made to end, if it was. */
  givenExitCode?: number | undefined;
}

/** What a step needs to know of the pod and the node. */
export interface RunSetting {
  readonly nowMs: number;
  readonly pod: {
    readonly uid: string;
    readonly name: string;
    readonly namespace: string;
    readonly restartPolicy: string;
  };
  readonly delays: StageDelays;
  /** Images the node has; a pull adds one. */
  readonly images: Set<string>;
  readonly wishes: SimulationWishes;
  readonly problems: PodProblems;
}

export function queuedRun(spec: ContainerSpec, role: ContainerRun['role']): ContainerRun {
  const idle = { stage: 'queued', dueMs: undefined, readyMs: undefined, startedMs: 0 } as const;
  return { spec, role, ...idle, state: {}, lastState: {}, restartCount: 0, pullFailures: 0 };
}

/** The run as an earlier process left it in the pod's status: what ran runs on, what waited starts its wait anew. */
export function restoredRun(run: ContainerRun, status: ContainerStatus, setting: RunSetting): ContainerRun {
  const { state, lastState, restartCount } = status;
  const known = { ...run, state, lastState, restartCount };
  if (state.running) {
    const startedMs = Date.parse(state.running.startedAt);
    return {
      ...known,
      stage: 'running',
      startedMs,
      readyMs: status.ready ? startedMs : setting.nowMs,
      dueMs: exitMs(run, setting, startedMs),
    };
  }
  if (state.terminated) return ended({ ...known }, setting, state.terminated.exitCode);
  if (state.waiting?.reason === 'CrashLoopBackOff') return { ...known, stage: 'crash back-off', dueMs: setting.nowMs };
  return known;
}

const image = ({ spec }: ContainerRun): string => spec.image ?? '';

/** A started init container that runs on, or one that has done its work, lets the next one start. */
export function letsNextStart(run: ContainerRun): boolean {
  if (run.role === 'sidecar') return run.stage === 'running';
  return run.stage === 'ended' && run.state.terminated?.exitCode === 0;
}

function behaviour(run: ContainerRun, { pod, wishes, delays }: RunSetting): Behaviour {
  const { exitCode, exitAfterMs } = wishes;
  if (run.role === 'main' && exitCode !== undefined) return { does: 'exit', code: exitCode, afterMs: exitAfterMs };
  const isTask = run.role === 'init' || (run.role === 'main' && pod.restartPolicy !== 'Always');
  return behaviourOf(run.spec, isTask, delays.stage('task', pod.uid));
}

/** Whether the container's command is one that has to be run now. */
export function runsScript(run: ContainerRun, setting: RunSetting): boolean {
  return run.stage === 'running' && behaviour(run, setting).does === 'script';
}

function exitMs(run: ContainerRun, setting: RunSetting, startedMs: number): number | undefined {
  const does = behaviour(run, setting);
  return does.does === 'exit' ? startedMs + does.afterMs : undefined;
}

function exitCode(run: ContainerRun, setting: RunSetting): number {
  const does = behaviour(run, setting);
  return does.does === 'exit' ? does.code : 0;
}

/** When a container that has just started is ready; never: undefined. */
function readyMs({ spec, role }: ContainerRun, { nowMs, delays, pod, wishes }: RunSetting): number | undefined {
  if (role === 'main' && wishes.neverReady) return undefined;
  const { readinessProbe: readiness } = spec;
  const probe = readiness ? delays.stage('create', pod.uid) + probeDelayMs(readiness, delays) : 0;
  return nowMs + startupMs(spec, delays) + probe + (role === 'main' ? wishes.readyDelayMs : 0);
}

const probeDelayMs = ({ initialDelaySeconds = 0 }: { initialDelaySeconds?: number }, delays: StageDelays): number =>
  delays.scaled(initialDelaySeconds * 1_000);

/** How long a container runs before its startup probe has succeeded. */
function startupMs({ startupProbe }: ContainerSpec, delays: StageDelays): number {
  return startupProbe ? probeDelayMs(startupProbe, delays) : 0;
}

/** Starts a queued container: straight away when the node has the image, else with a pull. */
export function begin(run: ContainerRun, setting: RunSetting): EventDraft[] {
  const policy = run.spec.imagePullPolicy ?? 'IfNotPresent';
  if (policy === 'Always' || (policy !== 'Never' && !setting.images.has(image(run)))) {
    run.stage = 'pulling';
    run.dueMs = setting.nowMs + setting.delays.stage('pull', setting.pod.uid);
    return [event(run, 'Pulling', `Pulling image "${image(run)}"`)];
  }
  toStarting(run, setting);
  return [
    event(run, 'Pulled', `Container image "${image(run)}" already present on machine and can be accessed by the pod`),
  ];
}

function toStarting(run: ContainerRun, setting: RunSetting): void {
  run.stage = 'starting';
  run.dueMs = setting.nowMs + setting.delays.stage('create', setting.pod.uid) + setting.wishes.startDelayMs;
}

type Step = (run: ContainerRun, setting: RunSetting) => EventDraft[];

/** What happens when a container's time in a stage is over. */
const steps: Partial<Record<ContainerStage, Step>> = {
  pulling: (run, setting) => {
    const problem = pullProblem(image(run));
    if (problem) return pullFails(run, setting, problem);
    setting.images.add(image(run));
    const seconds = (setting.delays.stage('pull', setting.pod.uid) / 1000).toFixed(3);
    toStarting(run, setting);
    const size = imageSizeBytes(image(run));
    const message = `Successfully pulled image "${image(run)}" in ${seconds}s (${seconds}s including waiting). Image size: ${size} bytes.`;
    return [event(run, 'Pulled', message)];
  },
  'pull failed': (run, setting) => {
    run.stage = 'pull back-off';
    run.dueMs = setting.nowMs + setting.delays.backOff(run.pullFailures);
    const why = `Back-off pulling image "${image(run)}"`;
    run.state = {
      waiting: { reason: 'ImagePullBackOff', message: `${why}: ErrImagePull: ${pullProblem(image(run))}` },
    };
    return [event(run, 'BackOff', why), event(run, 'Failed', 'Error: ImagePullBackOff')];
  },
  'pull back-off': begin,
  'config failed': begin,
  starting: (run, setting) => {
    const { nowMs } = setting;
    const problem = setting.problems.containers.get(run.spec.name);
    if (problem !== undefined) return configFails(run, setting, problem);
    Object.assign(run, { stage: 'running', startedMs: nowMs, state: { running: { startedAt: timestamp(nowMs) } } });
    run.readyMs = readyMs(run, setting);
    run.dueMs = exitMs(run, setting, nowMs);
    return [event(run, 'Created', 'Container created'), event(run, 'Started', 'Container started')];
  },
  running: (run, setting) => {
    const code = run.givenExitCode ?? exitCode(run, setting);
    run.givenExitCode = undefined;
    run.state = { terminated: terminatedState(run, setting, code) };
    ended(run, setting, code);
    return run.stage === 'crash back-off' && run.state.waiting ? [backOffEvent(run, setting)] : [];
  },
  'crash back-off': (run, setting) => {
    if (run.state.terminated) run.lastState = { terminated: run.state.terminated };
    run.restartCount += 1;
    return begin(run, setting);
  },
};

function pullFails(run: ContainerRun, setting: RunSetting, problem: string): EventDraft[] {
  run.stage = 'pull failed';
  run.pullFailures += 1;
  run.dueMs = setting.nowMs + setting.delays.stage('pull error', setting.pod.uid);
  run.state = { waiting: { reason: 'ErrImagePull', message: problem } };
  return [
    event(run, 'Failed', `Failed to pull image "${image(run)}": ${problem}`),
    event(run, 'Failed', 'Error: ErrImagePull'),
  ];
}

function configFails(run: ContainerRun, setting: RunSetting, problem: string): EventDraft[] {
  run.stage = 'config failed';
  run.dueMs = setting.nowMs + setting.delays.stage('missing configuration', setting.pod.uid);
  run.state = { waiting: { reason: 'CreateContainerConfigError', message: problem } };
  return [event(run, 'Failed', `Error: ${problem}`)];
}

function terminatedState(
  run: ContainerRun,
  { nowMs, pod }: RunSetting,
  code: number,
): NonNullable<ContainerState['terminated']> {
  return {
    exitCode: code,
    reason: code === 0 ? 'Completed' : 'Error',
    startedAt: timestamp(run.startedMs),
    finishedAt: timestamp(nowMs),
    containerID: containerId(pod.uid, run.spec.name, run.restartCount),
  };
}

function restartPolicyOf({ role }: ContainerRun, { pod }: RunSetting): string {
  if (role === 'sidecar') return 'Always';
  if (role === 'ephemeral') return 'Never';
  return role === 'init' && pod.restartPolicy === 'Always' ? 'OnFailure' : pod.restartPolicy;
}

// An ended container stays as it is or starts again: the first time soon, after that with growing pauses.
function ended(run: ContainerRun, setting: RunSetting, code: number): ContainerRun {
  const policy = restartPolicyOf(run, setting);
  const restarts = policy === 'Always' || (policy === 'OnFailure' && code !== 0);
  run.readyMs = undefined;
  run.stage = restarts ? 'crash back-off' : 'ended';
  run.dueMs = undefined;
  if (!restarts) return run;
  if (run.restartCount === 0) {
    run.dueMs = setting.nowMs + setting.delays.stage('restart', setting.pod.uid);
    return run;
  }
  const pauseMs = setting.delays.backOff(run.restartCount);
  run.dueMs = setting.nowMs + pauseMs;
  run.lastState = run.state;
  run.state = {
    waiting: { reason: 'CrashLoopBackOff', message: `back-off ${pauseText(pauseMs)} ${backOffText(run, setting)}` },
  };
  return run;
}

function pauseText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`;
}

function backOffText(run: ContainerRun, { pod }: RunSetting): string {
  return `restarting failed container=${run.spec.name} pod=${pod.name}_${pod.namespace}(${pod.uid})`;
}

function backOffEvent(run: ContainerRun, { pod }: RunSetting): EventDraft {
  const where = `pod ${pod.name}_${pod.namespace}(${pod.uid})`;
  const message = `Back-off restarting failed container ${run.spec.name} in ${where}`;
  return { ...event(run, 'BackOff', message), type: 'Warning' };
}

const listOf: Record<ContainerRun['role'], string> = {
  main: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
};

function event(run: ContainerRun, reason: string, message: string): EventDraft {
  const fieldPath = `spec.${listOf[run.role]}{${run.spec.name}}`;
  return { type: reason === 'Failed' ? 'Warning' : 'Normal', reason, message, fieldPath };
}

/** The event of a container that is told to stop. */
export function killingEvent(run: ContainerRun): EventDraft {
  return event(run, 'Killing', `Stopping container ${run.spec.name}`);
}

/** Takes the container through every stage whose time has come, and answers what happened on the way. */
export function advanceContainer(run: ContainerRun, setting: RunSetting): EventDraft[] {
  const events: EventDraft[] = [];
  while (run.dueMs !== undefined && run.dueMs <= setting.nowMs) {
    const step = steps[run.stage];
    run.dueMs = undefined;
    if (step) events.push(...step(run, setting));
  }
  return events;
}

/** Has the container been started at least once? */
export function hasStarted({ startedMs, state, lastState }: ContainerRun): boolean {
  return startedMs > 0 || state.terminated !== undefined || lastState.terminated !== undefined;
}

function isReady(run: ContainerRun, nowMs: number): boolean {
  if (run.role === 'ephemeral') return false;
  if (run.role === 'init') return run.state.terminated?.exitCode === 0;
  return run.stage === 'running' && run.readyMs !== undefined && run.readyMs <= nowMs;
}

/** The container's part of the pod's status. */
export function containerStatus(run: ContainerRun, waitingReason: string, setting: RunSetting): ContainerStatus {
  const identity = hasStarted(run)
    ? { imageID: imageId(image(run)), containerID: containerId(setting.pod.uid, run.spec.name, run.restartCount) }
    : { imageID: '' };
  return {
    name: run.spec.name,
    state: Object.keys(run.state).length > 0 ? run.state : { waiting: { reason: waitingReason } },
    lastState: run.lastState,
    ready: isReady(run, setting.nowMs),
    restartCount: run.restartCount,
    image: image(run),
    started: run.stage === 'running' && setting.nowMs >= run.startedMs + startupMs(run.spec, setting.delays),
    ...identity,
  };
}
