import { iamGroup, iamTypes, labels, type RoleBaseObject } from '@feature/iam/contract';
import { apiVersionOf, type KubeObject, type OwnerReference } from '@kit/kube';
import { done, waiting, type Step } from '@kit/reconcile';
import {
  tenancyTypes,
  workspaceRoleBase,
  workspaceRoleName,
  workspaceRoles,
  type WorkspaceTemplate,
} from '../contract/index.ts';
import { says, workspaceRoleFrom } from '../rules/stamped-roles.ts';
import { fieldOwner, type TenancyControllerDeps } from './ports.ts';

type WorkspaceStep = Step<WorkspaceTemplate, TenancyControllerDeps>;

const apply = { fieldManager: fieldOwner, force: true } as const;

function ownerOf({ metadata }: WorkspaceTemplate): OwnerReference {
  const { workspaceTemplates: type } = tenancyTypes;
  const { name, uid = '' } = metadata;
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** What this cluster has of the workspace. */
export const ensureWorkspace: WorkspaceStep = async (template, { kube, views }) => {
  const type = tenancyTypes.workspaces;
  const { metadata, spec = {} } = template.spec.template;
  const { labels: own, annotations } = metadata ?? {};
  const wanted: KubeObject = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name: template.metadata.name,
      ...(own ? { labels: own } : {}),
      ...(annotations ? { annotations } : {}),
    },
    spec,
  };
  const present = views.of(type).get('', template.metadata.name)?.object();
  if (!says(present, wanted)) await kube.apply(type, wanted, apply);
  return done;
};

/** Its own copy of each of the four roles. */
export const ensureRoles: WorkspaceStep = async (template, { kube, views }) => {
  const type = iamTypes.workspaceRoles;
  for (const role of workspaceRoles) {
    const base = views.of<RoleBaseObject>(iamTypes.roleBases).get('', workspaceRoleBase(role))?.object();
    if (!base) return waiting(`rolebase/${workspaceRoleBase(role)}`, 5);
    const wanted = workspaceRoleFrom(base, template.metadata.name, ownerOf(template));
    if (!says(views.of(type).get('', wanted.metadata.name)?.object(), wanted)) await kube.apply(type, wanted, apply);
  }
  return done;
};

/** The manager has the admin role, for as long as they are the manager. A user who does not exist is never bound. */
export const ensureManager: WorkspaceStep = async (template, { kube, views }) => {
  const { name } = template.metadata;
  const manager = template.spec.template.spec?.manager;
  if (!manager) return done;
  if (!views.of(iamTypes.users).get('', manager)) return waiting(`user/${manager}`, 30);
  const type = iamTypes.workspaceRoleBindings;
  const wanted: KubeObject = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name: workspaceRoleName(name, 'admin'),
      labels: { [labels.workspace]: name, [labels.userRef]: manager },
      ownerReferences: [ownerOf(template)],
    },
    roleRef: { apiGroup: iamGroup, kind: 'WorkspaceRole', name: workspaceRoleName(name, 'admin') },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: manager }],
  };
  if (!says(views.of(type).get('', wanted.metadata.name)?.object(), wanted)) await kube.apply(type, wanted, apply);
  return done;
};
