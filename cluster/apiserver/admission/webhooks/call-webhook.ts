import type { OutboundClient } from '../../outbound/outbound-client.ts';
import type { AdmissionRequest } from '../../store/write-request.ts';
import { GivenStatus } from '../../store/given-status.ts';
import { InvalidAnswer, reviewOf, verdictOf } from './admission-review.ts';
import type { Shown, Verdict } from './admission-review.ts';
import type { Invocation } from './invocation.ts';

/** A webhook could not be asked, or has said nothing that can be understood: `failurePolicy` decides what that means. */
export class WebhookFailure extends Error {
  constructor(webhook: string, why: string, cause?: unknown) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${why}`, { cause });
    this.name = 'WebhookFailure';
  }
}

/** What the client is told when a webhook says no. */
export function denial(webhook: string, { status = {} }: Verdict): GivenStatus {
  const { code = 0, reason, message, details } = status;
  const by = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const why = message || reason;
  return new GivenStatus({
    code: code < 400 ? 400 : code,
    ...(reason && { reason }),
    message: why ? `${by}: ${why}` : `${by} without explanation`,
    ...(details && { details }),
  });
}

/** Asks one webhook. Its warnings and annotations are passed on whatever it says. Throws `WebhookFailure`. */
export async function callWebhook(
  client: OutboundClient,
  request: AdmissionRequest,
  call: { invocation: Invocation; shown: Shown; mutating: boolean },
): Promise<Verdict> {
  const { webhook } = call.invocation;
  const { name, clientConfig, timeoutSeconds } = webhook;
  const { uid, version, body } = reviewOf(request, call.invocation, call.shown);
  try {
    const query = `timeout=${timeoutSeconds}s`;
    const answer = await client.post(clientConfig, { body, timeoutSeconds, query });
    const verdict = verdictOf(answer, { uid, version, mutating: call.mutating });
    request.warnings.push(...verdict.warnings);
    for (const [key, value] of Object.entries(verdict.auditAnnotations)) request.annotate(`${name}/${key}`, value);
    return verdict;
  } catch (error) {
    const { message } = error as Error; // nothing else is thrown
    const invalid = error instanceof InvalidAnswer;
    throw new WebhookFailure(
      name,
      `${invalid ? 'received invalid webhook response' : 'failed to call webhook'}: ${message}`,
      error,
    );
  }
}
