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
import { podSummary } from '../../rules/pod-summary.ts';
import type { Pod } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, pagedListPath } from '../api/kinds.ts';
import { right } from '../api/rights.ts';
import { useStateCounts } from '../api/use-state-counts.ts';
import { remove } from '../api/write.ts';
import { BulkDialog } from '../changes/bulk-dialog.tsx';
import { useLogDock } from '../logs/use-log-dock.tsx';
import { useEndColumns } from '../parts/column-parts.tsx';
import { PodPeek } from '../parts/pod-peek.tsx';
import { PodStateMark } from '../parts/pod-state-mark.tsx';
import { filterTokens, useStateFilters } from '../parts/use-list-filters.ts';
import { useText } from '../text.ts';

function useColumns(): readonly Column<Pod>[] {
  const t = useText();
  const { name, age } = useEndColumns<Pod>();
  return [
    name,
    {
      id: 'state',
      title: t('column.state'),
      sort: 'status',
      width: '240px',
      phone: 'second',
      render: (pod) => <PodStateMark pod={pod} />,
    },
    {
      id: 'ready',
      title: t('column.ready'),
      width: '80px',
      align: 'end',
      render: (pod) => `${podSummary(pod).ready}/${podSummary(pod).containers}`,
    },
    {
      id: 'restarts',
      title: t('column.restarts'),
      width: '90px',
      align: 'end',
      render: (pod) => podSummary(pod).restarts,
    },
    { id: 'node', title: t('column.node'), width: '160px', render: ({ spec }) => spec?.nodeName ?? '' },
    age,
  ];
}

/** The pods of a project. */
export default function Pods() {
  const t = useText();
  const at = useProject();
  const columns = useColumns();
  const filters = [...useStateFilters(), { token: 'node', label: t('column.node') }];
  const openLog = useLogDock();
  const [doomed, setDoomed] = useState<{ names: readonly string[]; clear: () => void }>();
  const mayDelete = useCan(right('delete', kinds.pod));
  const control = useListState({ sort: 'name', ascending: true });
  const counts = useStateCounts(kinds.pod, control);
  const list = useList<Pod>({
    path: pagedListPath(at, kinds.pod),
    control,
    tokens: filterTokens,
    watch: { path: kubeListPath(at, kinds.pod) },
  });
  const bulk: readonly BulkAction<Pod>[] = [
    {
      id: 'delete',
      label: t('action.delete'),
      icon: 'trash',
      danger: true,
      disabledReason: mayDelete.allowed ? undefined : mayDelete.reason,
      run: (rows, clear) => setDoomed({ names: rows.map(({ metadata }) => metadata.name), clear }),
    },
  ];
  return (
    <Page title={t('pods.title')} sentence={t('pods.sentence')}>
      <DataTable
        label={t('pods.title')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ metadata }) => metadata.uid ?? metadata.name}
        rowName={({ metadata }) => metadata.name}
        open={({ metadata }) => to.project(at, 'pods/$name', { name: metadata.name })}
        peek={(pod) => <PodPeek pod={pod} />}
        bulk={bulk}
        filters={filters}
        counts={counts}
        keys={[
          { key: 'l', label: t('action.logs'), run: ({ metadata: { name } }) => openLog({ title: name, pod: name }) },
        ]}
        empty={
          <EmptyState
            title={t('pods.empty')}
            text={t('pods.empty.text')}
            action={
              <ActionButton
                label={t('action.import')}
                icon="file-import"
                variant="primary"
                href={to.project(at, 'import')}
              />
            }
          />
        }
      />
      {doomed && (
        <BulkDialog
          title={t('bulk.deletePods', { count: doomed.names.length })}
          text={t('bulk.deletePods.text')}
          names={doomed.names}
          confirmLabel={t('action.delete')}
          danger
          act={(name) => remove({ at, kind: kinds.pod, name })}
          onClose={() => {
            doomed.clear();
            setDoomed(undefined);
          }}
        />
      )}
    </Page>
  );
}
