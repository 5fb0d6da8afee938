import { annotations, iamTypes, labels, type BindingObject } from '@feature/iam/contract';
import { kinds, type ResourceType, type Row, type Views } from '@kit/kube';
import type { DeletionPreview, ProjectDeletionPreview } from '../contract/index.ts';
import type { ProjectIndex } from './project-index.ts';

/** What people would miss: what runs, what keeps data, what others reach it by. */
const counted: readonly ResourceType[] = [
  kinds.deployments,
  kinds.statefulsets,
  kinds.daemonsets,
  kinds.jobs,
  kinds.cronjobs,
  kinds.pods,
  kinds.services,
  kinds.persistentvolumeclaims,
  kinds.configmaps,
  kinds.secrets,
];

function countsIn(views: Views, namespace: string): Record<string, number> {
  const counts = counted.map((type): [string, number] => {
    return [type.plural, [...views.of(type).rows(namespace)].length];
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function ofWorkspace(views: Views, type: ResourceType, workspace: string): Row[] {
  return [...views.of(type).rows()].filter((row) => row.labels[labels.workspace] === workspace);
}

/** What the deletion of a workspace takes with it, from the cached views; waits until those have synced. */
export async function previewDeletion(
  views: Views,
  projects: ProjectIndex,
  workspace: string,
): Promise<DeletionPreview> {
  const needed = [...counted, iamTypes.workspaceRoles, iamTypes.workspaceRoleBindings];
  await Promise.all(needed.map((type) => views.of(type).ready()));
  const bindings = ofWorkspace(views, iamTypes.workspaceRoleBindings, workspace);
  const members = bindings.flatMap((row) => ((row.object() as BindingObject).subjects ?? []).map(({ name }) => name)); // cast: the view is of bindings
  return {
    workspace,
    projects: [...projects.of(workspace)].map((row) => {
      const aliasName = row.object().metadata.annotations?.[annotations.aliasName];
      return { name: row.name, ...(aliasName ? { aliasName } : {}), objects: countsIn(views, row.name) };
    }),
    members: [...new Set(members)].sort(),
    roles: ofWorkspace(views, iamTypes.workspaceRoles, workspace).map((row) => row.name),
  };
}

/** What the deletion of one project takes with it. */
export async function previewProjectDeletion(views: Views, project: string): Promise<ProjectDeletionPreview> {
  await Promise.all([...counted, kinds.rolebindings].map((type) => views.of(type).ready()));
  const bindings = [...views.of<BindingObject>(kinds.rolebindings).rows(project)];
  const members = bindings.flatMap((row) => row.labels[labels.userRef] ?? []);
  return { project, objects: countsIn(views, project), members: [...new Set(members)].sort() };
}
