import { useQuery } from '@tanstack/react-query';
import { api, type ListPage } from '@kit/ui';
import { aliasOf, iamApi, type RoleItem } from '../api.ts';

export const groupLabel = {
  parent: 'iam.kubesphere.io/group-parent',
  group: 'iam.kubesphere.io/group-ref',
} as const;

/** A group of people in a workspace. */
export type GroupItem = RoleItem;

export interface GroupBindingItem {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
  readonly users?: readonly string[];
}

export interface RoleBindingItem {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef: { readonly name: string };
}

export interface GroupPaths {
  readonly groups: string;
  readonly members: string;
  readonly workspaceRoles: string;
  readonly workspaceBindings: string;
  /** The roles that groups have in the projects of the workspace; only read. */
  readonly projectBindings: string;
}

export function groupPaths(workspace: string): GroupPaths {
  const base = `${iamApi}/workspaces/${encodeURIComponent(workspace)}`;
  return {
    groups: `${base}/groups`,
    members: `${base}/groupbindings`,
    workspaceRoles: `${base}/workspaceroles`,
    workspaceBindings: `${base}/workspacerolebindings`,
    projectBindings: `${base}/rolebindings`,
  };
}

export function projectBindings(project: string): string {
  return `${iamApi}/namespaces/${encodeURIComponent(project)}/rolebindings`;
}

/** What people call a group. */
export function groupTitle(group: GroupItem, workspace: string): string {
  const { name } = group.metadata;
  return aliasOf(group) ?? (name.startsWith(`${workspace}-`) ? name.slice(workspace.length + 1) : name);
}

/** All groups of a workspace: the tree is drawn whole. */
export function useGroups(workspace: string) {
  const { groups } = groupPaths(workspace);
  return useQuery({
    queryKey: ['list', groups],
    queryFn: async ({ signal }) =>
      (await api.get<ListPage<GroupItem>>(groups, { query: { sortBy: 'name', ascending: true }, signal })).items,
  });
}
