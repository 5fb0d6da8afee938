import { ApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { forbidden } from '../store/api-errors.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** A PodDisruptionBudget as far as evictions read and write it. */
export interface Budget extends ClusterObject {
  readonly spec?: { readonly selector?: unknown; readonly unhealthyPodEvictionPolicy?: string };
  status?: {
    readonly disruptionsAllowed?: number;
    readonly desiredHealthy?: number;
    readonly currentHealthy?: number;
    readonly observedGeneration?: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
  };
}

const kind = { group: 'policy', resource: 'poddisruptionbudgets', kind: 'PodDisruptionBudget' };
/** More evictions than this that nobody has seen happen mean that the controller is not there. */
const mostPending = 2_000;

function tooMany(message: string, retryAfterSeconds?: number): ApiError {
  return new ApiError('TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    details: { causes: [{ reason: 'DisruptionBudget', message }], ...(retryAfterSeconds && { retryAfterSeconds }) },
  });
}

function healthText({ desiredHealthy = 0, currentHealthy = 0 }: NonNullable<Budget['status']>): string {
  return `${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}

/** Throws unless the budget has a disruption left. */
export function checkAllowed({ metadata, status = {} }: Budget): void {
  const { name, generation = 0 } = metadata;
  const { disruptionsAllowed = 0 } = status;
  if ((status.observedGeneration ?? 0) < generation)
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, 10);
  if (disruptionsAllowed < 0) throw forbidden(kind, name, 'pdb disruptions allowed is negative');
  if (Object.keys(status.disruptedPods ?? {}).length > mostPending)
    throw forbidden(kind, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (disruptionsAllowed === 0) throw tooMany(`The disruption budget ${name} needs ${healthText(status)}`);
}

/** The budget with one disruption less, of the pod named; throws when it has none left. */
export function grantEviction(budget: Budget, pod: string, now: string): Budget {
  checkAllowed(budget);
  const { status = {}, metadata } = budget;
  const disruptionsAllowed = (status.disruptionsAllowed ?? 0) - 1;
  const exhausted = {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'InsufficientPods',
    message: '',
    observedGeneration: metadata.generation,
    lastTransitionTime: now,
  };
  const conditions = (status.conditions ?? []).map((one) => (one.type === exhausted.type ? exhausted : one));
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed,
      disruptedPods: { ...status.disruptedPods, [pod]: now },
      ...(disruptionsAllowed === 0 && { conditions }),
    },
  };
}
