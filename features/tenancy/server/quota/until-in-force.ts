import { delay, type Clock } from '@kit/base';
import type { Views } from '@kit/kube';
import { quotaWebhookName, webhookConfigurationType, type WorkspaceQuota } from '../../contract/index.ts';
import { kindsOf } from '../../rules/object-usage.ts';

const attempts = 100;
const pauseMs = 20;

interface Registration {
  readonly webhooks?: readonly { readonly rules?: readonly { readonly resources?: readonly string[] }[] }[];
}

/**
 * Waits until the cluster asks about everything that a quota counts: who set a limit may rely on it when the answer
 * comes. Where no webhook is registered the controller shares the quota out, which takes as long as its next turn.
 */
export async function untilInForce(
  { views, clock }: { readonly views: Views; readonly clock: Clock },
  { spec }: WorkspaceQuota,
): Promise<void> {
  const view = views.of(webhookConfigurationType);
  const wanted = kindsOf(spec.quota.hard).map(({ plural }) => plural);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = view.get('', quotaWebhookName)?.object() as Registration | undefined; // cast: what quota-admission.ts writes
    if (!found) return;
    const asked = new Set(
      (found.webhooks ?? []).flatMap(({ rules = [] }) => rules.flatMap((rule) => rule.resources ?? [])),
    );
    if (wanted.every((plural) => asked.has(plural))) return;
    await delay(clock, pauseMs);
  }
}
