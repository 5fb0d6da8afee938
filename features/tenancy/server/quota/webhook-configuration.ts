import { fieldManager, labels } from '@feature/iam/contract';
import type { KubeObject, ResourceType } from '@kit/kube';
import { kinds } from '@kit/kube';
import { quotaWebhookName, webhookConfigurationType, type WorkspaceQuota } from '../../contract/index.ts';
import { kindsOf } from '../../rules/object-usage.ts';

/** Kinds of which a change can take more than before. */
const growing: readonly ResourceType[] = [kinds.pods, kinds.services, kinds.persistentvolumeclaims];

function ruleFor(type: ResourceType): object {
  const resources = type === kinds.pods ? ['pods', 'pods/resize'] : [type.plural];
  return {
    apiGroups: [type.group],
    apiVersions: ['*'],
    operations: growing.includes(type) ? ['CREATE', 'UPDATE'] : ['CREATE'],
    resources,
    scope: 'Namespaced',
  };
}

/**
 * The registration: only projects, and only kinds that some quota counts, so that nothing else waits for us. A platform
 * that does not answer stops nobody: it would hold up the cluster, and what slipped through counts when it is back.
 */
export function webhookConfiguration(
  quotas: readonly WorkspaceQuota[],
  client: { readonly url: string; readonly caPem: string },
): KubeObject {
  const types = [...new Set(quotas.flatMap(({ spec }) => kindsOf(spec.quota.hard)))];
  const rules = types.map(ruleFor);
  const webhook = {
    name: quotaWebhookName,
    clientConfig: { url: client.url, caBundle: Buffer.from(client.caPem).toString('base64') },
    rules,
    namespaceSelector: { matchExpressions: [{ key: labels.workspace, operator: 'Exists' }] },
    failurePolicy: 'Ignore',
    sideEffects: 'NoneOnDryRun',
    timeoutSeconds: 5,
    admissionReviewVersions: ['v1'],
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: webhookConfigurationType.kind,
    metadata: { name: quotaWebhookName, labels: { [labels.managedBy]: fieldManager } },
    webhooks: rules.length > 0 ? [webhook] : [],
  };
}
