import type { EventDraft } from '../reconcile/event-recorder.ts';
import type { ContainerStatus, Pod } from '../reconcile/pod.ts';
import {
  advanceContainer,
  begin,
  type ContainerRun,
  letsNextStart,
  queuedRun,
  restoredRun,
  type RunSetting,
} from './container-run.ts';

/** A pod on its simulated node, from acceptance to its end. */
export interface PodRun {
  readonly acceptedMs: number;
  /** When the pod has its sandbox and address, and containers may start. */
  sandboxMs: number;
  /** How often a volume could not be mounted; the pauses grow with it. */
  mountFailures: number;
  readonly ip: string;
  readonly containers: ContainerRun[];
}

/** Takes in the ephemeral containers that have been added since the last look. */
export function adoptEphemeral(run: PodRun, pod: Pod, setting: RunSetting): void {
  for (const spec of pod.spec.ephemeralContainers ?? []) {
    if (run.containers.some(({ spec: known }) => known.name === spec.name)) continue;
    const status = pod.status?.ephemeralContainerStatuses?.find(({ name }) => name === spec.name);
    const fresh = queuedRun(spec, 'ephemeral');
    run.containers.push(status ? restoredRun(fresh, status, setting) : fresh);
  }
}

/** A pod the node has just accepted; what its status says about earlier runs is carried on. */
export function acceptPod(pod: Pod, ip: string, setting: RunSetting): PodRun {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const known = new Map<string, ContainerStatus>(statuses.map((status) => [status.name, status]));
  const inits = (pod.spec.initContainers ?? []).map((spec) =>
    queuedRun(spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init'),
  );
  const containers = [...inits, ...pod.spec.containers.map((spec) => queuedRun(spec, 'main'))].map((run) => {
    const status = known.get(run.spec.name);
    return status ? restoredRun(run, status, setting) : run;
  });
  const isNew = statuses.length === 0;
  const sandboxMs = setting.nowMs + (isNew ? setting.delays.stage('sandbox', setting.pod.uid) : 0);
  return {
    acceptedMs: Date.parse(pod.status?.startTime ?? '') || setting.nowMs,
    sandboxMs,
    mountFailures: 0,
    ip,
    containers,
  };
}

export const isInit = ({ role }: ContainerRun): boolean => role === 'init' || role === 'sidecar';
export const mainRuns = ({ containers }: PodRun): ContainerRun[] => containers.filter(({ role }) => role === 'main');
export const ephemeralRuns = ({ containers }: PodRun): ContainerRun[] =>
  containers.filter(({ role }) => role === 'ephemeral');
export const initRuns = ({ containers }: PodRun): ContainerRun[] => containers.filter(isInit);

/** Every init step is done, and sidecars are up: the main containers may start. */
export function isInitialized(run: PodRun): boolean {
  return initRuns(run).every(
    (container) => letsNextStart(container) || (container.stage === 'ended' && container.role === 'sidecar'),
  );
}

/** Did an init step fail for good? */
export function initFailed(run: PodRun): boolean {
  return initRuns(run).some(
    ({ role, stage, state }) => role === 'init' && stage === 'ended' && state.terminated?.exitCode !== 0,
  );
}

/** All main containers have ended for good. */
export function isOver(run: PodRun): boolean {
  return mainRuns(run).every(({ stage }) => stage === 'ended');
}

/** Takes every container as far as it gets by now: init steps one after the other, then the others side by side. */
export function advancePod(run: PodRun, setting: RunSetting): EventDraft[] {
  if (setting.nowMs < run.sandboxMs) return [];
  const { mount } = setting.problems;
  if (mount !== undefined) {
    run.sandboxMs = setting.nowMs + Math.min(120_000, 500 * 2 ** run.mountFailures++);
    return [{ type: 'Warning', reason: 'FailedMount', message: mount }];
  }
  const events: EventDraft[] = [];
  const start = (container: ContainerRun): void => {
    if (container.stage === 'queued') events.push(...begin(container, setting));
    events.push(...advanceContainer(container, setting));
  };
  for (const container of initRuns(run)) {
    start(container);
    if (!letsNextStart(container)) break;
  }
  if (isInitialized(run)) mainRuns(run).forEach(start);
  ephemeralRuns(run).forEach(start);
  if (isOver(run))
    for (const container of initRuns(run)) if (container.role === 'sidecar') stopSidecar(container, setting);
  return events;
}

function stopSidecar(container: ContainerRun, setting: RunSetting): void {
  if (container.stage === 'ended') return;
  const at = new Date(setting.nowMs).toISOString().replace(/\.\d+/, '');
  const startedAt = container.state.running?.startedAt ?? at;
  Object.assign(container, { stage: 'ended', dueMs: undefined, readyMs: undefined });
  container.state = { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: at } };
}

/** When something happens next to the pod by itself, in epoch milliseconds. */
export function nextDueMs(run: PodRun, nowMs: number): number | undefined {
  if (nowMs < run.sandboxMs) return run.sandboxMs;
  const times = run.containers.flatMap(({ dueMs, readyMs }) => [
    ...(dueMs === undefined ? [] : [dueMs]),
    ...(readyMs !== undefined && readyMs > nowMs ? [readyMs] : []),
  ]);
  return times.length > 0 ? Math.min(...times) : undefined;
}
