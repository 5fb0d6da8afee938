import { kinds, type ResourceType, type Row, type Views } from '@kit/kube';
import { defineController, type Controller } from '@kit/reconcile';
import { quotaType, tenancyTypes, webhookConfigurationType, type WorkspaceQuota } from '../../contract/index.ts';
import { selects } from '../../rules/workspace-usage.ts';
import { fieldOwner, type TenancyControllerDeps } from '../ports.ts';
import { ensureOwner, quotaUsage, shareOut } from './quota-steps.ts';

/** Kinds whose changes move a quota at once; what else it counts is looked at every minute. */
const watched: readonly ResourceType[] = [
  kinds.pods,
  kinds.services,
  kinds.persistentvolumeclaims,
  kinds.configmaps,
  kinds.secrets,
  kinds.deployments,
  kinds.statefulsets,
  kinds.daemonsets,
  kinds.jobs,
  kinds.cronjobs,
];

/** Keeps a workspace quota's sums, and holds projects to it where no webhook does. */
export function quotaController(views: Views): Controller<WorkspaceQuota, TenancyControllerDeps> {
  const all = () => [...views.of<WorkspaceQuota>(quotaType).rows()];
  const countingLabels = (labels: Row['labels']) =>
    all()
      .filter((row) => selects(row.object(), labels))
      .map(({ name }) => ({ name }));
  const usage = quotaUsage(views);
  return defineController<WorkspaceQuota, TenancyControllerDeps>({
    name: 'workspace-quota',
    type: quotaType,
    watches: [
      { type: kinds.namespaces, map: (row) => countingLabels(row.labels) },
      { type: tenancyTypes.workspaces, map: () => all().map(({ name }) => ({ name })) },
      { type: webhookConfigurationType, map: () => all().map(({ name }) => ({ name })) },
      ...watched.map((type) => ({
        type,
        map: ({ namespace }: Row) => countingLabels(views.of(kinds.namespaces).get('', namespace)?.labels ?? {}),
      })),
    ],
    steps: [ensureOwner, shareOut(usage)],
    fieldOwner,
    status: (quota) => ({ ...usage.status(quota) }),
  });
}
