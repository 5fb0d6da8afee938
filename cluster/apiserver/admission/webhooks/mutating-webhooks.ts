import { isDeepStrictEqual } from 'node:util';
import type { ClusterObject } from '../../../client.ts';
import { internalError } from '../../store/given-status.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { callWebhook, denial, WebhookFailure } from './call-webhook.ts';
import { conditionsHold } from './conditions.ts';
import { invocationOf, isExempt } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { patched, restored, shownTo } from './shown-object.ts';
import type { WebhookDeps } from './webhook-deps.ts';
import type { Webhook } from './webhook.ts';
import { WebhookSource } from './webhook-source.ts';

/** What is known from the first round when the second begins. */
interface Progress {
  /** Webhooks that were called and want to be called again when the object changes after them. */
  readonly reinvocable: Set<string>;
  readonly due: Set<string>;
  last: ClusterObject | undefined;
}

/** Calls the webhooks of MutatingWebhookConfigurations one after the other, each with what the one before it has left. */
export class MutatingWebhooks implements AdmissionStep {
  readonly #deps: WebhookDeps;
  readonly #source: WebhookSource;
  readonly #progress = new WeakMap<AdmissionRequest, Progress>();

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
    this.#source = new WebhookSource(deps.storage, 'mutatingwebhookconfigurations', deps.log);
  }

  mutate(request: AdmissionRequest): Promise<void> | undefined {
    const { webhooks } = this.#source;
    if (webhooks.length === 0 || isExempt(request)) return undefined;
    const first = webhooks.findIndex((webhook) => invocationOf(this.#deps, webhook, request));
    return first < 0 ? undefined : this.#call(webhooks, request);
  }

  async #call(webhooks: readonly Webhook[], request: AdmissionRequest): Promise<void> {
    const progress = this.#progressOf(request);
    for (const [index, webhook] of webhooks.entries()) {
      const invocation = invocationOf(this.#deps, webhook, request);
      if (!invocation) continue;
      if (request.round === 1 && !progress.due.has(webhook.id)) continue;
      const shown = await shownTo(this.#deps, request, invocation);
      if (!conditionsHold(this.#deps, request, { invocation, shown })) continue;
      const changed = await this.#one(request, { invocation, shown, index });
      if (changed) {
        for (const id of progress.reinvocable) progress.due.add(id);
        progress.reinvocable.clear();
        request.wantsSecondRound = true;
      }
      if (webhook.reinvocationPolicy === 'IfNeeded') progress.reinvocable.add(webhook.id);
    }
    progress.last = structuredClone(request.object);
  }

  /** Built-in steps may have changed the object since: then all that want to see it again do. */
  #progressOf(request: AdmissionRequest): Progress {
    const known = this.#progress.get(request);
    if (known) {
      if (!isDeepStrictEqual(known.last, request.object)) for (const id of known.reinvocable) known.due.add(id);
      return known;
    }
    const made: Progress = { reinvocable: new Set(), due: new Set(), last: undefined };
    this.#progress.set(request, made);
    return made;
  }

  /** Answers whether the object has changed. */
  async #one(
    request: AdmissionRequest,
    call: { invocation: Invocation; shown: Awaited<ReturnType<typeof shownTo>>; index: number },
  ): Promise<boolean> {
    const { webhook } = call.invocation;
    const place = `round_${request.round}_index_${call.index}`;
    try {
      const changed = await this.#ask(request, call);
      const note = { configuration: webhook.configuration, webhook: webhook.name, mutated: changed };
      request.annotate(`mutation.webhook.admission.k8s.io/${place}`, JSON.stringify(note));
      return changed;
    } catch (error) {
      if (!(error instanceof WebhookFailure)) throw error;
      if (webhook.failurePolicy === 'Fail') throw internalError(error.message);
      this.#deps.log.warn('a webhook failed and was passed over', { webhook: webhook.name, error });
      request.annotate(`failed-open.mutating.webhook.admission.k8s.io/${place}`, webhook.name);
      return false;
    }
  }

  async #ask(
    request: AdmissionRequest,
    { invocation, shown }: { invocation: Invocation; shown: Awaited<ReturnType<typeof shownTo>> },
  ): Promise<boolean> {
    const { name } = invocation.webhook;
    const verdict = await callWebhook(this.#deps.outbound, request, { invocation, shown, mutating: true });
    if (!verdict.allowed) throw denial(name, verdict);
    if (!verdict.patch) return false;
    const next = patched(request, { invocation, shown, verdict });
    if (!next) return false;
    const restoredObject = await restored(this.#deps, request, { invocation, object: next });
    const changed = !isDeepStrictEqual(next, shown.object);
    request.object = restoredObject;
    return changed;
  }
}
