import { forbidden } from '../../store/api-errors.ts';
import type { AdmissionRequest } from '../../store/write-request.ts';
import { webhookConditions } from '../policies/match-conditions.ts';
import type { Shown } from './admission-review.ts';
import type { Invocation } from './invocation.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/**
 * True when all conditions of the webhook hold for the object as it sees it. A condition that cannot be evaluated is a
 * refusal, or passes the webhook over where its failures are ignored.
 */
export function conditionsHold(
  { authorizer }: WebhookDeps,
  request: AdmissionRequest,
  { invocation, shown }: { invocation: Invocation; shown: Shown },
): boolean {
  const { webhook, as, objectKind } = invocation;
  if (webhook.matchConditions.length === 0) return true;
  const input = { request, object: shown.object, old: shown.old, as, objectKind, authorizer };
  const verdict = webhookConditions(webhook.matchConditions).evaluate(input);
  if (verdict.error === undefined) return verdict.matches;
  if (webhook.failurePolicy === 'Ignore') return false;
  throw forbidden(request.target.kind, request.target.name, verdict.error);
}
