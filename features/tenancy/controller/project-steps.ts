import { annotations, iamTypes, labels, systemNamespace, type RoleBaseObject } from '@feature/iam/contract';
import { apiVersionOf, kinds, type KubeObject, type OwnerReference } from '@kit/kube';
import { done, waiting, type Step } from '@kit/reconcile';
import {
  defaultLimitsName,
  managedBy,
  settingsMap,
  tenancyTypes,
  tenantGroup,
  type Namespace,
  type Workspace,
} from '../contract/index.ts';
import { readSettings } from '../rules/read-settings.ts';
import { isFor, projectRoleFrom, says } from '../rules/stamped-roles.ts';
import { fieldOwner, type TenancyControllerDeps } from './ports.ts';

type ProjectStep = Step<Namespace, TenancyControllerDeps>;

const apply = { fieldManager: fieldOwner, force: true } as const;

function workspaceOf({ metadata }: Namespace): string | undefined {
  return metadata.labels?.[labels.workspace] || undefined;
}

function ownerOf({ metadata }: Workspace): OwnerReference {
  const { workspaces: type } = tenancyTypes;
  const { name, uid = '' } = metadata;
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The owners a namespace should have: those of others, and its workspace's in place of any former one. */
function ownersOf({ metadata }: Namespace, workspace: Workspace | undefined): OwnerReference[] {
  const others = (metadata.ownerReferences ?? []).filter(({ apiVersion }) => !apiVersion.startsWith(`${tenantGroup}/`));
  return workspace ? [...others, ownerOf(workspace)] : others;
}

function sameOwners(left: readonly OwnerReference[], right: readonly OwnerReference[] = []): boolean {
  return left.length === right.length && left.every(({ uid }, index) => uid === right[index]?.uid);
}

/** A namespace is a child of the workspace its label names, and of no other; without a label, of none. */
export const ensureOwner: ProjectStep = async (project, { kube, views }) => {
  const { name, resourceVersion, ownerReferences } = project.metadata;
  const workspaceName = workspaceOf(project);
  const workspace = workspaceName && views.of<Workspace>(tenancyTypes.workspaces).get('', workspaceName)?.object();
  if (workspaceName && !workspace) return waiting(`workspace/${workspaceName}`, 10);
  const wanted = ownersOf(project, workspace || undefined);
  const ownLabel: Record<string, string> = workspaceName ? { [labels.namespace]: name } : {};
  if (sameOwners(wanted, ownerReferences) && says(project, { ...project, metadata: { name, labels: ownLabel } }))
    return done;
  const patch = { metadata: { labels: ownLabel, ownerReferences: wanted, resourceVersion } };
  await kube.patch(kinds.namespaces, { name }, patch, { type: 'merge', fieldManager: fieldOwner });
  return done;
};

/**
 * Who made a project is its admin to begin with: bound before the roles are there, and never again afterwards. A
 * creator who was taken off the project stays off, and nobody becomes admin by writing the annotation later.
 */
export const ensureCreator: ProjectStep = async (project, { kube, views }) => {
  const namespace = project.metadata.name;
  const creator = project.metadata.annotations?.[annotations.creator];
  if (!workspaceOf(project) || !creator || !views.of(iamTypes.users).get('', creator)) return done;
  if (views.of(kinds.roles).get(namespace, 'admin')) return done;
  if (await kube.find(kinds.roles, { namespace, name: 'admin' })) return done;
  const binding: KubeObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {
      name: `${creator}-admin`,
      namespace,
      labels: { [labels.userRef]: creator, [managedBy.label]: managedBy.value },
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: creator }],
  };
  await kube.apply(kinds.rolebindings, binding, apply);
  return done;
};

/** The built-in roles of a project, and the templates that its own roles are made of. */
export const ensureRoles: ProjectStep = async (project, { kube, views }) => {
  if (!workspaceOf(project)) return done;
  const bases = views.of<RoleBaseObject>(iamTypes.roleBases);
  if (bases.size === 0) return waiting('rolebases', 5);
  const wanted = [...bases.rows()]
    .map((row) => row.object())
    .filter((base) => isFor(base, project.metadata.labels ?? {}))
    .map((base) => projectRoleFrom(base, project.metadata.name));
  const present = views.of(kinds.roles);
  const missing = wanted.filter(
    (role) => !says(present.get(project.metadata.name, role.metadata.name)?.object(), role),
  );
  await Promise.all(missing.map((role) => kube.apply(kinds.roles, role, apply)));
  return done;
};

/** A new project gets the limits that the platform's administrators have set; one that has its roles is not new. */
export const ensureDefaultLimits: ProjectStep = async (project, { kube, views }) => {
  const namespace = project.metadata.name;
  if (!workspaceOf(project) || views.of(kinds.roles).get(namespace, 'admin')) return done;
  const key = { namespace: systemNamespace, name: settingsMap.name };
  const { defaultLimits } = readSettings(await kube.find(kinds.configmaps, key));
  if (!defaultLimits || (await kube.find(kinds.roles, { namespace, name: 'admin' }))) return done;
  const limits: KubeObject = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: defaultLimitsName, namespace, labels: { [managedBy.label]: managedBy.value } },
    spec: { limits: [{ type: 'Container', ...defaultLimits }] },
  };
  await kube.apply(kinds.limitranges, limits, apply);
  return done;
};
