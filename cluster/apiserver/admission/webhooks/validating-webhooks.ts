import { internalError } from '../../store/given-status.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { callWebhook, denial, WebhookFailure } from './call-webhook.ts';
import { conditionsHold } from './conditions.ts';
import { invocationOf, isExempt } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { shownTo } from './shown-object.ts';
import type { WebhookDeps } from './webhook-deps.ts';
import { WebhookSource } from './webhook-source.ts';

/** Calls the webhooks of ValidatingWebhookConfigurations, all at once; the first refusal that arrives is the answer. */
export class ValidatingWebhooks implements AdmissionStep {
  readonly #deps: WebhookDeps;
  readonly #source: WebhookSource;

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
    this.#source = new WebhookSource(deps.storage, 'validatingwebhookconfigurations', deps.log);
  }

  validate(request: AdmissionRequest): Promise<void> | undefined {
    const { webhooks } = this.#source;
    if (webhooks.length === 0 || isExempt(request)) return undefined;
    const invocations = webhooks.flatMap((webhook) => invocationOf(this.#deps, webhook, request) ?? []);
    return invocations.length === 0 ? undefined : this.#callAll(invocations, request);
  }

  async #callAll(invocations: readonly Invocation[], request: AdmissionRequest): Promise<void> {
    const refusals: unknown[] = [];
    const calls = invocations.map((invocation, index) =>
      this.#one(invocation, request, index).catch((error: unknown) => void refusals.push(error)),
    );
    await Promise.all(calls);
    if (refusals.length > 0) throw refusals[0];
  }

  async #one(invocation: Invocation, request: AdmissionRequest, index: number): Promise<void> {
    const { webhook } = invocation;
    const shown = await shownTo(this.#deps, request, invocation);
    if (!conditionsHold(this.#deps, request, { invocation, shown })) return;
    try {
      const verdict = await callWebhook(this.#deps.outbound, request, { invocation, shown, mutating: false });
      if (!verdict.allowed) throw denial(webhook.name, verdict);
    } catch (error) {
      if (!(error instanceof WebhookFailure)) throw error;
      if (webhook.failurePolicy === 'Fail') throw internalError(error.message);
      this.#deps.log.warn('a webhook failed and was passed over', { webhook: webhook.name, error });
      request.annotate(`failed-open.validation.webhook.admission.k8s.io/round_0_index_${index}`, webhook.name);
    }
  }
}
