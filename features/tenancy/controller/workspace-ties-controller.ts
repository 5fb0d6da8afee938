import { iamTypes, labels } from '@feature/iam/contract';
import { apiVersionOf, type KubeObject, type ResourceType } from '@kit/kube';
import { defineController, done, waiting, type Controller, type Step } from '@kit/reconcile';
import { tenancyTypes, type WorkspaceTemplate } from '../contract/index.ts';
import { fieldOwner, type TenancyControllerDeps } from './ports.ts';

/** Whoever wrote it (the API, kubectl, an import), what is a workspace's goes with it: its name may be taken again. */
function ensureTie(type: ResourceType): Step<KubeObject, TenancyControllerDeps> {
  return async ({ metadata }, { kube, views }) => {
    const workspace = metadata.labels?.[labels.workspace];
    if (!workspace) return done;
    const owner = views.of<WorkspaceTemplate>(tenancyTypes.workspaceTemplates).get('', workspace);
    if (!owner) return waiting(`workspacetemplate/${workspace}`, 5);
    const { name, resourceVersion, ownerReferences = [] } = metadata;
    if (ownerReferences.some(({ uid }) => uid === owner.uid)) return done;
    const { kind } = tenancyTypes.workspaceTemplates;
    const apiVersion = apiVersionOf(tenancyTypes.workspaceTemplates);
    const tie = { apiVersion, kind, name: workspace, uid: owner.uid, controller: true, blockOwnerDeletion: true };
    const others = ownerReferences.filter((one) => one.kind !== kind && !one.controller);
    const patch = { metadata: { resourceVersion, ownerReferences: [...others, tie] } };
    await kube.patch(type, { name }, patch, { type: 'merge', fieldManager: fieldOwner });
    return done;
  };
}

function tiesOf(name: string, type: ResourceType): Controller<KubeObject, TenancyControllerDeps> {
  return defineController<KubeObject, TenancyControllerDeps>({ name, type, steps: [ensureTie(type)], fieldOwner });
}

/** Roles of workspaces. */
export const workspaceRoleController = tiesOf('workspace-role', iamTypes.workspaceRoles);
/** Who has them. */
export const workspaceRoleBindingController = tiesOf('workspace-role-binding', iamTypes.workspaceRoleBindings);
