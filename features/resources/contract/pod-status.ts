import { conditionOf, fieldsOf, listOf, numberOf, textOf, type Fields, type ObjectStatus } from './state.ts';

/** Reasons of a waiting container that mean it is on its way; every other one means it cannot get there by itself. */
const harmlessWaits = new Set(['', 'ContainerCreating', 'PodInitializing']);

interface ContainerView {
  readonly name: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waiting: Fields | undefined;
  readonly terminated: Fields | undefined;
}

function containersOf(pod: Fields, list: 'containerStatuses' | 'initContainerStatuses'): ContainerView[] {
  return listOf(fieldsOf(pod, 'status'), list).map((status) => {
    const state = fieldsOf(status, 'state');
    return {
      name: textOf(status, 'name'),
      ready: status.ready === true,
      restarts: numberOf(status, 'restartCount'),
      waiting: state.waiting === undefined ? undefined : fieldsOf(state, 'waiting'),
      terminated: state.terminated === undefined ? undefined : fieldsOf(state, 'terminated'),
    };
  });
}

function endOf(terminated: Fields): string {
  const signal = numberOf(terminated, 'signal');
  const plain = signal > 0 ? `Signal:${signal}` : `ExitCode:${numberOf(terminated, 'exitCode')}`;
  return textOf(terminated, 'reason') || plain;
}

/** Sidecars (init containers that restart always) keep running and do not hold the pod back once they have started. */
function isSidecar(pod: Fields, name: string): boolean {
  return listOf(fieldsOf(pod, 'spec'), 'initContainers').some((c) => c.name === name && c.restartPolicy === 'Always');
}

function initReason(pod: Fields): string | undefined {
  const containers = containersOf(pod, 'initContainerStatuses');
  for (const [index, container] of containers.entries()) {
    if (container.terminated && numberOf(container.terminated, 'exitCode') === 0) continue;
    if (isSidecar(pod, container.name) && !container.waiting && !container.terminated) continue;
    if (container.terminated) return `Init:${endOf(container.terminated)}`;
    const reason = container.waiting ? textOf(container.waiting, 'reason') : '';
    return harmlessWaits.has(reason) ? `Init:${index}/${containers.length}` : `Init:${reason}`;
  }
  return undefined;
}

function containerReason(containers: readonly ContainerView[]): string | undefined {
  let reason: string | undefined;
  for (const container of [...containers].reverse()) {
    const waiting = container.waiting && textOf(container.waiting, 'reason');
    if (waiting) reason = waiting;
    else if (container.terminated) reason = endOf(container.terminated);
  }
  return reason;
}

function isReady(pod: Fields): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** The one word of `kubectl get pods`' STATUS column, e.g. `CrashLoopBackOff`, `Init:0/1`, `Completed`. */
export function podReason(pod: Fields): string {
  const status = fieldsOf(pod, 'status');
  const containers = containersOf(pod, 'containerStatuses');
  const plain = textOf(status, 'reason') || textOf(status, 'phase') || 'Unknown';
  let reason = initReason(pod) ?? containerReason(containers) ?? plain;
  const stillServes = containers.some((container) => container.ready);
  if (reason === 'Completed' && stillServes) reason = isReady(pod) ? 'Running' : 'NotReady';
  if (fieldsOf(pod, 'metadata').deletionTimestamp === undefined) return reason;
  return textOf(status, 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function isBlocked(pod: Fields): boolean {
  const waits = [...containersOf(pod, 'initContainerStatuses'), ...containersOf(pod, 'containerStatuses')];
  if (waits.some((c) => c.waiting && !harmlessWaits.has(textOf(c.waiting, 'reason')))) return true;
  const scheduled = conditionOf(pod, 'PodScheduled');
  return scheduled?.status === 'False' && scheduled.reason === 'Unschedulable';
}

function runningStatus(pod: Fields): ObjectStatus {
  const containers = containersOf(pod, 'containerStatuses');
  if (isReady(pod)) return { state: 'running', word: 'Running' };
  const failed = containers.some((c) => c.terminated && numberOf(c.terminated, 'exitCode') !== 0);
  if (failed) return { state: 'failing', word: 'Error' };
  const restarted = containers.some((c) => c.restarts > 0);
  return { state: restarted ? 'degraded' : 'starting', word: 'Waiting' };
}

/** The state of a pod; `word` is one of KubeSphere's four classes Running, Completed, Error and Waiting. */
export function podStatus(pod: Fields): ObjectStatus {
  const phase = textOf(fieldsOf(pod, 'status'), 'phase');
  if (phase === 'Succeeded') return { state: 'completed', word: 'Completed' };
  if (phase === 'Failed') return { state: 'failing', word: 'Error' };
  if (fieldsOf(pod, 'metadata').deletionTimestamp !== undefined) return { state: 'terminating', word: 'Waiting' };
  if (isBlocked(pod)) return { state: 'failing', word: phase === 'Pending' ? 'Waiting' : 'Error' };
  if (phase === 'Running') return runningStatus(pod);
  return phase === 'Pending' ? { state: 'starting', word: 'Waiting' } : { state: 'unknown', word: 'Waiting' };
}
