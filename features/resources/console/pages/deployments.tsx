import { useState } from 'react';
import {
  ActionButton,
  DataTable,
  EmptyState,
  Page,
  to,
  useCan,
  useList,
  useListState,
  useProject,
  type BulkAction,
  type Column,
} from '@kit/ui';
import { deploymentStatus } from '../../contract/workload-status.ts';
import { shortImage } from '../../rules/image-name.ts';
import { imagesOf, restartPatch, rolloutSummary } from '../../rules/rollout-summary.ts';
import type { Deployment } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, pagedListPath } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { useFailingPods } from '../api/use-failing-pods.ts';
import { useStateCounts } from '../api/use-state-counts.ts';
import { patching, remove } from '../api/write.ts';
import { BulkDialog } from '../changes/bulk-dialog.tsx';
import { joined, useEndColumns } from '../parts/column-parts.tsx';
import classes from '../parts/parts.module.css';
import { DeploymentPeek } from '../parts/deployment-peek.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { filterTokens, useStateFilters } from '../parts/use-list-filters.ts';
import { useLogDock } from '../logs/use-log-dock.tsx';
import { labelText } from '../../rules/label-text.ts';
import { useText } from '../text.ts';

function useColumns(): readonly Column<Deployment>[] {
  const t = useText();
  const { name, age } = useEndColumns<Deployment>();
  const failing = useFailingPods();
  return [
    name,
    {
      id: 'state',
      title: t('column.state'),
      sort: 'status',
      width: '290px',
      phone: 'second',
      render: (row) => <DeploymentStateMark deployment={row} failingPods={failing.get(row.metadata.name) ?? 0} />,
    },
    { id: 'images', title: t('column.images'), render: ({ spec }) => joined(imagesOf(spec?.template), shortImage) },
    age,
  ];
}

function DeploymentStateMark({ deployment, failingPods }: { deployment: Deployment; failingPods: number }) {
  const t = useText();
  const { state } = deploymentStatus(deployment);
  return (
    <>
      <StateMark state={state} of={rolloutSummary(deployment)} />
      {failingPods > 0 && state !== 'failing' && (
        <span className={classes['bad']}> · {t('state.podsFailing', { count: failingPods })}</span>
      )}
    </>
  );
}

interface Bulk {
  readonly what: 'restart' | 'delete';
  readonly names: readonly string[];
  readonly clear: () => void;
}

/** What is done with the selected deployments, and the dialog that does it. */
function useBulk() {
  const t = useText();
  const at = useProject();
  const [bulk, setBulk] = useState<Bulk>();
  const mayPatch = useCan(right('patch', kinds.deployment));
  const mayDelete = useCan(right('delete', kinds.deployment));
  const start = (what: Bulk['what']) => (rows: readonly Deployment[], clear: () => void) =>
    setBulk({ what, names: rows.map(({ metadata }) => metadata.name), clear });
  const actions: readonly BulkAction<Deployment>[] = [
    {
      id: 'restart',
      label: t('action.restart'),
      icon: 'rotate-clockwise',
      disabledReason: mayPatch.allowed ? undefined : mayPatch.reason,
      run: start('restart'),
    },
    {
      id: 'delete',
      label: t('action.delete'),
      icon: 'trash',
      danger: true,
      disabledReason: mayDelete.allowed ? undefined : mayDelete.reason,
      run: start('delete'),
    },
  ];
  const close = () => {
    bulk?.clear();
    setBulk(undefined);
  };
  const count = bulk?.names.length ?? 0;
  const restart = (name: string) =>
    patching({ at, kind: kinds.deployment, name }, restartPatch(new Date().toISOString()))(false);
  const dialog = bulk && (
    <BulkDialog
      title={t(bulk.what === 'restart' ? 'bulk.restart' : 'bulk.deleteDeployments', { count })}
      text={t(bulk.what === 'restart' ? 'restart.text' : 'bulk.deleteDeployments.text')}
      names={bulk.names}
      confirmLabel={t(bulk.what === 'restart' ? 'action.restart' : 'action.delete')}
      danger={bulk.what === 'delete'}
      act={(name) => (bulk.what === 'restart' ? restart(name) : remove({ at, kind: kinds.deployment, name }))}
      onClose={close}
    />
  );
  return { actions, dialog };
}

/** The deployments of a project. */
export default function Deployments() {
  const t = useText();
  const at = useProject();
  const columns = useColumns();
  const filters = useStateFilters();
  const { actions, dialog } = useBulk();
  const openLog = useLogDock();
  const mayImport = useCan(right('create', kinds.deployment));
  const control = useListState({ sort: 'name', ascending: true });
  const counts = useStateCounts(kinds.deployment, control);
  const list = useList<Deployment>({
    path: pagedListPath(at, kinds.deployment),
    control,
    tokens: filterTokens,
    watch: { path: kubeListPath(at, kinds.deployment) },
  });
  const importButton = (
    <ActionButton
      label={t('action.import')}
      icon="file-import"
      variant="primary"
      href={to.project(at, 'import')}
      verdict={mayImport}
    />
  );
  return (
    <Page title={t('deployments.title')} sentence={t('deployments.sentence')} actions={importButton}>
      <DataTable
        label={t('deployments.title')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ metadata }) => metadata.uid ?? metadata.name}
        rowName={({ metadata }) => metadata.name}
        open={({ metadata }) => to.project(at, 'deployments/$name', { name: metadata.name })}
        peek={({ metadata }) => <DeploymentPeek name={metadata.name} />}
        bulk={actions}
        filters={filters}
        counts={counts}
        keys={[
          {
            key: 'l',
            label: t('action.logs'),
            run: ({ metadata, spec }) =>
              openLog({ title: metadata.name, labelSelector: labelText(spec?.selector?.matchLabels) }),
          },
        ]}
        empty={<EmptyState title={t('deployments.empty')} text={t('deployments.empty.text')} action={importButton} />}
      />
      {dialog}
    </Page>
  );
}
