import { conditionOf, fieldsOf, numberOf, textOf, type Fields, type ObjectStatus, type State } from './state.ts';

interface Replicas {
  readonly wanted: number;
  readonly ready: number;
}

/**
 * KubeSphere calls a workload stopped when none is wanted and none is ready, running when as many are ready as wanted,
 * and updating otherwise; that last one is told apart here into starting, degraded and failing.
 */
function replicaStatus({ wanted, ready }: Replicas, unfinished: () => State): ObjectStatus {
  if (wanted === 0 && ready === 0) return { state: 'stopped', word: 'stopped' };
  if (wanted === ready) return { state: 'running', word: 'running' };
  return { state: unfinished(), word: 'updating' };
}

function isObserved(object: Fields): boolean {
  const generation = numberOf(fieldsOf(object, 'metadata'), 'generation');
  return numberOf(fieldsOf(object, 'status'), 'observedGeneration') >= generation;
}

/** Deployments say by their conditions whether a rollout still moves, has stopped, or had once been complete. */
export function deploymentStatus(object: Fields): ObjectStatus {
  const ready = numberOf(fieldsOf(object, 'status'), 'readyReplicas');
  const wanted = numberOf(fieldsOf(object, 'spec'), 'replicas', 1);
  return replicaStatus({ wanted, ready }, () => {
    if (!isObserved(object) || ready > wanted) return 'starting';
    const progressing = conditionOf(object, 'Progressing');
    const stuck = progressing?.status === 'False' || conditionOf(object, 'ReplicaFailure')?.status === 'True';
    const wasComplete = progressing?.reason === 'NewReplicaSetAvailable';
    if (stuck || wasComplete) return ready > 0 ? 'degraded' : 'failing';
    return 'starting';
  });
}

/** Stateful sets have no progress condition: while pods or revisions are still being made they start, afterwards they are degraded. */
export function statefulSetStatus(object: Fields): ObjectStatus {
  const status = fieldsOf(object, 'status');
  const ready = numberOf(status, 'readyReplicas');
  const wanted = numberOf(fieldsOf(object, 'spec'), 'replicas', 1);
  return replicaStatus({ wanted, ready }, () => {
    const rolling = textOf(status, 'updateRevision') !== textOf(status, 'currentRevision');
    const incomplete = numberOf(status, 'replicas') < wanted;
    if (!isObserved(object) || rolling || incomplete || ready === 0) return 'starting';
    return 'degraded';
  });
}

export function daemonSetStatus(object: Fields): ObjectStatus {
  const status = fieldsOf(object, 'status');
  const ready = numberOf(status, 'numberReady');
  const wanted = numberOf(status, 'desiredNumberScheduled');
  return replicaStatus({ wanted, ready }, () => {
    const rolling = numberOf(status, 'updatedNumberScheduled') < wanted;
    if (!isObserved(object) || rolling || ready === 0) return 'starting';
    return 'degraded';
  });
}

export function jobStatus(object: Fields): ObjectStatus {
  if (conditionOf(object, 'Complete')?.status === 'True') return { state: 'completed', word: 'completed' };
  if (conditionOf(object, 'Failed')?.status === 'True') return { state: 'failing', word: 'failed' };
  if (fieldsOf(object, 'spec').suspend === true) return { state: 'suspended', word: 'running' };
  const hasActive = numberOf(fieldsOf(object, 'status'), 'active') > 0;
  return { state: hasActive ? 'running' : 'starting', word: 'running' };
}

export function cronJobStatus(object: Fields): ObjectStatus {
  return fieldsOf(object, 'spec').suspend === true
    ? { state: 'suspended', word: 'paused' }
    : { state: 'running', word: 'running' };
}
