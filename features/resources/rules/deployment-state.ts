import type { State } from '../contract/state.ts';
import { deploymentStatus } from '../contract/workload-status.ts';
import type { Cause } from './cause.ts';
import type { Deployment } from './workload-types.ts';

/**
 * The state of a deployment whose pods are known too. They tell what its own status cannot: missing pods that are merely
 * on their way, as after scaling up, are no trouble; a pod that cannot start by itself is trouble before the deadline.
 */
export function deploymentState(deployment: Deployment, causes: readonly Cause[]): State {
  const { state } = deploymentStatus(deployment);
  const isStuck = causes.some(({ passing, recovered }) => !passing && !recovered);
  const isOnItsWay = causes.length > 0 && causes.every(({ passing }) => passing);
  if (state === 'degraded' && isOnItsWay) return 'starting';
  if (state === 'starting' && isStuck) return (deployment.status?.readyReplicas ?? 0) > 0 ? 'degraded' : 'failing';
  return state;
}
