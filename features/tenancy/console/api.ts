/** A workspace as people write it (WorkspaceTemplate). */
export interface WorkspaceItem {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly template?: { readonly spec?: { readonly manager?: string } } };
}

/** A project: a namespace that belongs to a workspace. */
export interface ProjectItem {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly phase?: string };
}

/** The cluster that serves this console. */
export const homeCluster = 'host';

export const annotation = {
  alias: 'kubesphere.io/alias-name',
  description: 'kubesphere.io/description',
  creator: 'kubesphere.io/creator',
} as const;

const tenant = '/kapis/tenant.kubesphere.io';
const own = '/kapis/tenant.freehold.io/v1alpha1';

export const paths = {
  workspaces: `${tenant}/v1alpha3/workspacetemplates`,
  workspace: (name: string) => `${tenant}/v1alpha3/workspacetemplates/${encodeURIComponent(name)}`,
  deletionPreview: (name: string) => `${own}/workspaces/${encodeURIComponent(name)}/deletion-preview`,
  projectDeletionPreview: (workspace: string, name: string) =>
    `${own}/workspaces/${encodeURIComponent(workspace)}/namespaces/${encodeURIComponent(name)}/deletion-preview`,
  transfer: (workspace: string, name: string) =>
    `${own}/workspaces/${encodeURIComponent(workspace)}/namespaces/${encodeURIComponent(name)}/transfer`,
  settings: `${own}/settings`,
  projects: (workspace: string) => `${tenant}/v1alpha2/workspaces/${encodeURIComponent(workspace)}/namespaces`,
  project: (workspace: string, name: string) =>
    `${tenant}/v1alpha2/workspaces/${encodeURIComponent(workspace)}/namespaces/${encodeURIComponent(name)}`,
  quotas: (workspace: string) => `${tenant}/v1alpha2/workspaces/${encodeURIComponent(workspace)}/resourcequotas`,
  requests: '/kapis/iam.freehold.io/v1alpha1/accessrequests',
  notices: '/kapis/iam.freehold.io/v1alpha1/notices',
  explanations: '/kapis/iam.freehold.io/v1alpha1/access-explanations',
  /** Kubernetes' own limits of a project, through the platform. */
  inProject: (project: string, resource: 'resourcequotas' | 'limitranges') =>
    `/api/v1/namespaces/${encodeURIComponent(project)}/${resource}`,
  /** Every namespace the user may see, projects and others. */
  namespaces: `${tenant}/v1alpha2/namespaces`,
  objects: (project: string, resource: string) =>
    `/kapis/resources.kubesphere.io/v1alpha3/namespaces/${encodeURIComponent(project)}/${resource}`,
  counts: (project: string, resource: string) =>
    `/kapis/resources.freehold.io/v1alpha1/namespaces/${encodeURIComponent(project)}/${resource}/counts`,
} as const;

/** The name people gave it, else its own. */
export function aliasOf(item: WorkspaceItem | ProjectItem): string | undefined {
  return item.metadata.annotations?.[annotation.alias] || undefined;
}

export function workspaceOf(project: ProjectItem): string | undefined {
  return project.metadata.labels?.['kubesphere.io/workspace'];
}

export function managerOf(workspace: WorkspaceItem): string | undefined {
  return workspace.spec?.template?.spec?.manager ?? workspace.metadata.annotations?.[annotation.creator];
}

/** Annotations for what was filled in, none for what was left empty. */
export function described(alias: string, description: string): Record<string, string> {
  const entries = Object.entries({ [annotation.alias]: alias, [annotation.description]: description });
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
