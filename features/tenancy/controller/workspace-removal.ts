import { iamTypes, labels } from '@feature/iam/contract';
import { isApiError } from '@kit/base';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';
import { done, waiting, type Step } from '@kit/reconcile';
import { orphanFinalizer, tenancyTypes, tenantGroup, type WorkspaceTemplate } from '../contract/index.ts';
import { fieldOwner, type TenancyControllerDeps } from './ports.ts';

type WorkspaceStep = Step<WorkspaceTemplate, TenancyControllerDeps>;

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isApiError(error, 'NotFound')) throw error;
  });
}

/** The projects there are now, from the cluster itself: a view that is behind must not decide what is deleted. */
async function projectsOf(kube: KubeClient, workspace: string): Promise<KubeObject[]> {
  const { items } = await kube.list(kinds.namespaces, { labelSelector: `${labels.workspace}=${workspace}` });
  return items;
}

async function setFree(kube: KubeClient, { metadata }: KubeObject): Promise<void> {
  const { name, resourceVersion, ownerReferences = [] } = metadata;
  const owners = ownerReferences.filter(({ apiVersion }) => !apiVersion.startsWith(`${tenantGroup}/`));
  const patch = { metadata: { labels: { [labels.workspace]: null }, ownerReferences: owners, resourceVersion } };
  await ignoreMissing(kube.patch(kinds.namespaces, { name }, patch, { type: 'merge', fieldManager: fieldOwner }));
}

/** Asked to orphan, the projects stay, without a workspace; the request is struck off when that is done. */
export const orphanProjects: WorkspaceStep = async (template, { kube }) => {
  const { name, finalizers = [], resourceVersion } = template.metadata;
  if (!finalizers.includes(orphanFinalizer)) return done;
  for (const project of await projectsOf(kube, name)) await setFree(kube, project);
  const kept = finalizers.filter((finalizer) => finalizer !== orphanFinalizer);
  const patch = { metadata: { finalizers: kept, resourceVersion } };
  await kube.patch(tenancyTypes.workspaceTemplates, { name }, patch, { type: 'merge', fieldManager: fieldOwner });
  return waiting(`workspacetemplate/${name}`, 1); // this write runs the steps again, on what is left
};

/** All projects go before the workspace does. */
export const deleteProjects: WorkspaceStep = async ({ metadata: { name } }, { kube }) => {
  const projects = await projectsOf(kube, name);
  for (const { metadata } of projects) {
    if (metadata.deletionTimestamp === undefined) await ignoreMissing(kube.delete(kinds.namespaces, metadata));
  }
  return projects.length === 0 ? done : waiting(`namespace/${projects[0]?.metadata.name ?? ''}`, 2);
};

/** Its members leave before its name is free, and not when a collector comes by: who takes the name must not inherit them. */
export const removeMembers: WorkspaceStep = async ({ metadata: { name } }, { kube }) => {
  const type = iamTypes.workspaceRoleBindings;
  const { items } = await kube.list(type, { labelSelector: `${labels.workspace}=${name}` });
  for (const { metadata } of items) await ignoreMissing(kube.delete(type, { name: metadata.name }));
  return done;
};

/** Roles and groups of the workspace are owned by its template, and are collected with it. */
export const deleteWorkspace: WorkspaceStep = async ({ metadata: { name } }, { kube }) => {
  await ignoreMissing(kube.delete(tenancyTypes.workspaces, { name }));
  return done;
};
