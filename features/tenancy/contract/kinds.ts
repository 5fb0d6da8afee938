import type { KubeObject, ResourceType } from '@kit/kube';

export const tenantGroup = 'tenant.kubesphere.io';

/** The kinds that make tenants: a WorkspaceTemplate is what people write, a Workspace what a cluster has of it. */
export const tenancyTypes = {
  workspaceTemplates: {
    group: tenantGroup,
    version: 'v1alpha2',
    kind: 'WorkspaceTemplate',
    plural: 'workspacetemplates',
    namespaced: false,
  },
  workspaces: { group: tenantGroup, version: 'v1alpha1', kind: 'Workspace', plural: 'workspaces', namespaced: false },
} as const satisfies Record<string, ResourceType>;

export interface WorkspaceSpec {
  /** The user who has the workspace's admin role. */
  manager?: string;
  networkIsolation?: boolean;
}

export interface WorkspaceTemplate extends KubeObject {
  spec: {
    placement: { clusters?: { name: string }[]; clusterSelector?: Record<string, unknown> };
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec?: WorkspaceSpec;
    };
    overrides?: { clusterName: string; clusterOverrides?: { op?: string; path: string; value?: unknown }[] }[];
  };
}

export interface Workspace extends KubeObject {
  spec: WorkspaceSpec;
}

/** A namespace; it is a project of the workspace that its label names, and nobody's without one. */
export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: 'Active' | 'Terminating' };
}

export const workspaceTemplateFinalizer = 'finalizers.workspacetemplate.kubesphere.io';
/** Put on a WorkspaceTemplate before its deletion, it leaves the projects standing, without a workspace. */
export const orphanFinalizer = 'orphan.finalizers.kubesphere.io';

/** On every Role and RoleBinding that the platform itself puts into projects. */
export const managedBy = { label: 'app.kubernetes.io/managed-by', value: 'freehold' } as const;
