import type { KubeObject, ResourceType } from '@kit/kube';

export const quotaGroup = 'quota.kubesphere.io';

/** A limit over all projects of a workspace. */
export const quotaType = {
  group: quotaGroup,
  version: 'v1alpha2',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: false,
} as const satisfies ResourceType;

/** Amounts by resource, as Kubernetes writes them: `limits.cpu: 500m`. */
export type Amounts = Record<string, string>;

export interface QuotaFigures {
  hard?: Amounts;
  used?: Amounts;
}

/** What of a project's pods a quota counts; the words are those of Kubernetes. */
export interface QuotaScopes {
  scopes?: string[];
  scopeSelector?: { matchExpressions?: { scopeName: string; operator: string; values?: string[] }[] };
}

export interface WorkspaceQuota extends KubeObject {
  spec: {
    /** Labels that every namespace counted carries; for a workspace its own label. An empty selector counts nothing. */
    selector: Record<string, string>;
    quota: QuotaScopes & { hard?: Record<string, string | number> };
  };
  status?: { total: QuotaFigures; namespaces: ({ namespace: string } & QuotaFigures)[] };
}

/** The webhook by which creations are held to workspace quotas, as it is registered in the cluster. */
export const quotaWebhookName = 'workspace-quota.tenant.freehold.io';

export const webhookConfigurationType = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  namespaced: false,
} as const satisfies ResourceType;
