import { labels } from '@feature/iam/contract';
import { kinds, type Views } from '@kit/kube';
import { defineController, type Controller } from '@kit/reconcile';
import { tenancyTypes, type Namespace } from '../contract/index.ts';
import { fieldOwner, type TenancyControllerDeps } from './ports.ts';
import { ensureCreator, ensureDefaultLimits, ensureOwner, ensureRoles } from './project-steps.ts';

/** Makes of a namespace with a workspace's label a project: its owner, its creator's role, its roles. */
export function projectController(views: Views): Controller<Namespace, TenancyControllerDeps> {
  return defineController<Namespace, TenancyControllerDeps>({
    name: 'project',
    type: kinds.namespaces,
    watches: [
      {
        type: tenancyTypes.workspaces,
        map: (workspace) =>
          [...views.of(kinds.namespaces).rows()]
            .filter((row) => row.labels[labels.workspace] === workspace.name)
            .map(({ name }) => ({ name })),
      },
      { type: kinds.roles, map: ({ namespace }) => [{ name: namespace }] },
    ],
    steps: [ensureOwner, ensureDefaultLimits, ensureCreator, ensureRoles],
    fieldOwner,
  });
}
