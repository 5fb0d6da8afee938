import { labels, type PolicyRule, type RoleBaseObject } from '@feature/iam/contract';
import type { KubeObject, OwnerReference } from '@kit/kube';
import { managedBy, workspaceRoleName } from '../contract/index.ts';

/** What a role made from a RoleBase looks like; the cluster's own fields are left out. */
export type StampedRole = KubeObject & { rules: PolicyRule[] };

interface Maps {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

function notesOf({ role }: RoleBaseObject): Maps {
  return { labels: { ...role.metadata.labels }, annotations: { ...role.metadata.annotations } };
}

/** The WorkspaceRole that a workspace has of a RoleBase: `acme-admin`, owned by the workspace. */
export function workspaceRoleFrom(base: RoleBaseObject, workspace: string, owner: OwnerReference): StampedRole {
  const notes = notesOf(base);
  return {
    apiVersion: base.role.apiVersion,
    kind: 'WorkspaceRole',
    metadata: {
      name: workspaceRoleName(workspace, base.role.metadata.name),
      labels: { ...notes.labels, [labels.workspace]: workspace },
      annotations: notes.annotations,
      ownerReferences: [owner],
    },
    rules: base.role.rules ?? [],
  };
}

/** Whether a RoleBase is stamped into such a namespace: a project, or the one behind a DevOps project, which has its own. */
export function isFor(base: RoleBaseObject, namespaceLabels: Readonly<Record<string, string>>): boolean {
  const scope = namespaceLabels[labels.devopsProject] ? labels.scopeDevops : labels.scopeNamespace;
  return base.role.kind === 'Role' && Object.hasOwn(base.metadata.labels ?? {}, scope);
}

/** The Role that a project has of a RoleBase, under the base's own role name: `admin`. */
export function projectRoleFrom(base: RoleBaseObject, namespace: string): StampedRole {
  const notes = notesOf(base);
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: {
      name: base.role.metadata.name,
      namespace,
      labels: { ...notes.labels, [managedBy.label]: managedBy.value },
      annotations: notes.annotations,
    },
    rules: base.role.rules ?? [],
  };
}

function holds(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(wanted) && (!Array.isArray(actual) || actual.length !== wanted.length)) return false;
  return Object.entries(wanted).every(([key, value]) => holds((actual as Record<string, unknown>)[key], value)); // cast: a non-null object
}

/** Whether an object already says all that is wanted of it; what others have added does not matter. */
export function says(actual: KubeObject | undefined, wanted: KubeObject): boolean {
  return actual !== undefined && holds(actual, wanted);
}
