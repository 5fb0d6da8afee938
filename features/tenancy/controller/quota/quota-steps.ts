import { labels } from '@feature/iam/contract';
import { apiVersionOf, kinds, type KubeObject, type OwnerReference, type Views } from '@kit/kube';
import { waiting, done, type Step } from '@kit/reconcile';
import {
  managedBy,
  quotaType,
  quotaWebhookName,
  tenancyTypes,
  webhookConfigurationType,
  type Workspace,
  type WorkspaceQuota,
} from '../../contract/index.ts';
import { addUp, type Amount, type Tally } from '../../rules/amount.ts';
import { kindsOf } from '../../rules/object-usage.ts';
import { hardOf } from '../../rules/quota-check.ts';
import { quotaStatus, selects, UsageReader, written } from '../../rules/workspace-usage.ts';
import { says } from '../../rules/stamped-roles.ts';
import { fieldOwner, type TenancyControllerDeps } from '../ports.ts';

type QuotaStep = Step<WorkspaceQuota, TenancyControllerDeps>;

/** Sums by quota, from the views. */
export interface QuotaUsage {
  /** What each namespace of a quota uses. */
  of(quota: WorkspaceQuota): Map<string, Map<string, Amount>>;
  status(quota: WorkspaceQuota): NonNullable<WorkspaceQuota['status']>;
  /** Whether everything that is summed has been read. */
  isKnown(quota: WorkspaceQuota): boolean;
}

export function quotaUsage(views: Views): QuotaUsage {
  const reader = new UsageReader((type, namespace) => views.of(type).rows(namespace));
  const of: QuotaUsage['of'] = (quota) => {
    const rows = [...views.of(kinds.namespaces).rows()].filter((row) => selects(quota, row.labels));
    return new Map(rows.map(({ name }) => [name, reader.inNamespace(quota, name)]));
  };
  return {
    of,
    status: (quota) => quotaStatus(quota, of(quota)),
    isKnown: ({ spec }) => kindsOf(spec.quota.hard).every((type) => views.of(type).synced),
  };
}

/** A quota goes with its workspace. */
export const ensureOwner: QuotaStep = async (quota, { kube, views }) => {
  const { name, resourceVersion, ownerReferences = [] } = quota.metadata;
  const workspaceName = quota.spec.selector[labels.workspace];
  if (!workspaceName) return done;
  const workspace = views.of<Workspace>(tenancyTypes.workspaces).get('', workspaceName);
  if (!workspace) return waiting(`workspace/${workspaceName}`, 10);
  if (ownerReferences.some(({ uid }) => uid === workspace.uid)) return done;
  const type = tenancyTypes.workspaces;
  const owner = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    name: workspaceName,
    uid: workspace.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const metadata = { resourceVersion, labels: { [labels.workspace]: workspaceName }, ownerReferences: [owner] };
  await kube.patch(quotaType, { name }, { metadata }, { type: 'merge', fieldManager: fieldOwner });
  return done;
};

/** The Kubernetes quota that a project gets its part of a workspace's by. */
function shareName(quota: string): string {
  return `workspace-${quota}`;
}

function ownerOf({ metadata }: WorkspaceQuota): OwnerReference {
  return { apiVersion: apiVersionOf(quotaType), kind: quotaType.kind, name: metadata.name, uid: metadata.uid ?? '' };
}

/** What a project may take at most now: what it has, and what is left for all. */
function shareOf(quota: WorkspaceQuota, own: Tally, used: Tally): Record<string, string> {
  const parts = [...hardOf(quota)].map(([key, hard]): [string, Amount] => {
    const most = hard - (used.get(key) ?? 0n) + (own.get(key) ?? 0n);
    return [key, most > 0n ? most : 0n];
  });
  return written(new Map(parts));
}

/** The Kubernetes quota that holds a project to its part. */
function shareIn(namespace: string, quota: WorkspaceQuota, hard: Record<string, string>): KubeObject {
  const { scopes, scopeSelector } = quota.spec.quota;
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: {
      name: shareName(quota.metadata.name),
      namespace,
      labels: { [managedBy.label]: managedBy.value },
      ownerReferences: [ownerOf(quota)],
    },
    spec: {
      hard,
      ...(scopes ? { scopes } : {}),
      ...(scopeSelector ? { scopeSelector } : {}),
    },
  };
}

/** Whether the webhook is registered, and so holds projects to quotas. */
function isHeldByWebhook(views: Views): boolean {
  const webhook = views.of(webhookConfigurationType).get('', quotaWebhookName)?.object();
  return Array.isArray(webhook?.['webhooks']) && webhook['webhooks'].length > 0;
}

/** Takes the part away from namespaces that the quota no longer counts. */
async function dropStrays(
  { kube, views }: TenancyControllerDeps,
  name: string,
  counted: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (const row of views.of(kinds.resourcequotas).rows()) {
    const isOurs = row.name === name && row.labels[managedBy.label] === managedBy.value;
    if (isOurs && !counted.has(row.namespace))
      await kube.delete(kinds.resourcequotas, { namespace: row.namespace, name });
  }
}

/**
 * Where no webhook holds projects to the quota, Kubernetes itself does: each project has a quota of its own of what it
 * uses and what is left, set anew whenever that changes. Where the webhook is registered, these go again.
 */
export function shareOut(usage: QuotaUsage): QuotaStep {
  return async (quota, deps) => {
    const { kube, views } = deps;
    if (!usage.isKnown(quota)) return waiting('objects', 1);
    const isHeld = isHeldByWebhook(views);
    const byNamespace = usage.of(quota);
    const used = addUp(byNamespace.values());
    const present = views.of(kinds.resourcequotas);
    const name = shareName(quota.metadata.name);
    for (const [namespace, own] of byNamespace) {
      const row = present.get(namespace, name);
      const wanted = shareIn(namespace, quota, shareOf(quota, own, used));
      if (isHeld && row) await kube.delete(kinds.resourcequotas, { namespace, name });
      if (!isHeld && !says(row?.object(), wanted))
        await kube.apply(kinds.resourcequotas, wanted, { fieldManager: fieldOwner, force: true });
    }
    await dropStrays(deps, name, byNamespace);
    return waiting('changes of what it counts', 60);
  };
}
