import { podStatus } from './pod-status.ts';
import { conditionOf, fieldsOf, listOf, textOf, type Fields, type ObjectStatus, type State } from './state.ts';
import { cronJobStatus, daemonSetStatus, deploymentStatus, jobStatus, statefulSetStatus } from './workload-status.ts';

/** A node is unschedulable when cordoned, in warning when not ready or under pressure, and running otherwise. */
export function nodeStatus(node: Fields): ObjectStatus {
  if (fieldsOf(node, 'spec').unschedulable === true) return { state: 'suspended', word: 'unschedulable' };
  const ready = conditionOf(node, 'Ready')?.status;
  if (ready !== 'True') return { state: ready === 'False' ? 'failing' : 'unknown', word: 'warning' };
  const pressed = listOf(fieldsOf(node, 'status'), 'conditions').some((c) => c.type !== 'Ready' && c.status === 'True');
  return pressed ? { state: 'degraded', word: 'warning' } : { state: 'running', word: 'running' };
}

const stateOfPhase: Readonly<Record<string, State>> = {
  Active: 'running',
  Bound: 'running',
  Available: 'running',
  Pending: 'starting',
  Released: 'stopped',
  Terminating: 'terminating',
  Lost: 'failing',
  Failed: 'failing',
};

/** Namespaces and volumes: KubeSphere filters by the phase itself. */
export function phaseStatus(object: Fields): ObjectStatus {
  const phase = textOf(fieldsOf(object, 'status'), 'phase');
  if (fieldsOf(object, 'metadata').deletionTimestamp !== undefined) return { state: 'terminating', word: phase };
  return { state: stateOfPhase[phase] ?? 'unknown', word: phase };
}

/** A snapshot is ready when its storage says so. */
export function snapshotStatus(snapshot: Fields): ObjectStatus {
  if (fieldsOf(snapshot, 'metadata').deletionTimestamp !== undefined) return { state: 'terminating', word: 'deleting' };
  const status = fieldsOf(snapshot, 'status');
  if (status.readyToUse === true) return { state: 'running', word: 'ready' };
  return { state: Object.hasOwn(status, 'error') ? 'failing' : 'starting', word: 'creating' };
}

const byPlural: Readonly<Record<string, (object: Fields) => ObjectStatus>> = {
  deployments: deploymentStatus,
  statefulsets: statefulSetStatus,
  daemonsets: daemonSetStatus,
  jobs: jobStatus,
  cronjobs: cronJobStatus,
  pods: podStatus,
  nodes: nodeStatus,
  namespaces: phaseStatus,
  persistentvolumeclaims: phaseStatus,
  persistentvolumes: phaseStatus,
  volumesnapshots: snapshotStatus,
};

/** Whether objects of this kind have a state that lists can be counted and filtered by. */
export function hasStatus(plural: string): boolean {
  return plural in byPlural;
}

/** The state of one object of that kind; `undefined` for kinds that are merely there, such as config maps. */
export function statusOf(plural: string, object: Fields): ObjectStatus | undefined {
  return byPlural[plural]?.(object);
}

/** True when a `status` filter names this status, by KubeSphere's word or by the platform's own. */
export function matchesStatus(status: ObjectStatus, wanted: string): boolean {
  return status.word === wanted || status.state === wanted;
}
