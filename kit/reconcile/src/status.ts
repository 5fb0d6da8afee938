import { isApiError, timestamp } from '@kit/base';
import type { KubeObject } from '@kit/kube';
import type { Outcome } from './step.ts';

/** The fields of status after a run; `undefined` leaves it as it is. Equal outcomes must give equal fields. */
export type StatusOf<T extends KubeObject> = (
  object: T,
  outcome: Outcome,
  nowMs: number,
) => Record<string, unknown> | undefined;

/** A condition as every Kubernetes kind has it (apimachinery `metav1.Condition`). */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

type State = Pick<Condition, 'status' | 'reason' | 'message'>;

/** What passes by itself is not the user's concern. */
function isNoise(error: unknown): boolean {
  return (['Conflict', 'ServiceUnavailable', 'Timeout', 'TooManyRequests'] as const).some((reason) =>
    isApiError(error, reason),
  );
}

function stateOf(outcome: Outcome): State | undefined {
  switch (outcome.kind) {
    case 'done':
      return { status: 'True', reason: 'Ready', message: '' };
    case 'waiting':
      return { status: 'False', reason: 'Waiting', message: `waiting for ${outcome.on}` };
    case 'stalled':
      return { status: 'False', reason: outcome.reason, message: outcome.message };
    case 'failed':
      if (isNoise(outcome.error)) return undefined;
      return {
        status: 'False',
        reason: 'Failed',
        message: isApiError(outcome.error) ? outcome.error.message : 'internal error',
      };
  }
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  const { conditions } = (object.status ?? {}) as { conditions?: unknown }; // status is an object wherever it is a subresource
  return Array.isArray(conditions) ? (conditions as Condition[]) : []; // the API server has checked it against the kind's schema
}

/** The condition `Ready`: what the last run came to, and for which generation; its time moves only with its status. */
export const readyStatus: StatusOf<KubeObject> = (object, outcome, nowMs) => {
  const state = stateOf(outcome);
  if (!state) return undefined;
  const before = conditionsOf(object).find((condition) => condition.type === 'Ready');
  const lastTransitionTime = before?.status === state.status ? before.lastTransitionTime : timestamp(nowMs);
  const { generation } = object.metadata;
  const ready: Condition = {
    type: 'Ready',
    ...state,
    lastTransitionTime,
    ...(generation && { observedGeneration: generation }),
  };
  return { conditions: [ready] };
};
