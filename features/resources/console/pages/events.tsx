import { DataTable, EmptyState, Page, StatusMark, Time, useList, useListState, useProject, type Column } from '@kit/ui';
import { lastSeen, timesSeen } from '../../rules/event-times.ts';
import type { ClusterEvent } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, pagedListPath } from '../api/kinds.ts';
import { EventObject } from '../parts/event-list.tsx';
import { useText } from '../text.ts';

const tokens = { type: 'type', reason: 'reason', kind: 'involvedObjectKind', object: 'involvedObjectName' } as const;

function useColumns(): readonly Column<ClusterEvent>[] {
  const t = useText();
  return [
    {
      id: 'reason',
      title: t('column.reason'),
      width: '190px',
      phone: 'first',
      render: ({ type, reason = '' }) => (
        <StatusMark tone={type === 'Warning' ? 'warning' : 'idle'}>{reason}</StatusMark>
      ),
    },
    {
      id: 'object',
      title: t('column.object'),
      width: '280px',

      render: (event) => <EventObject event={event} />,
    },
    {
      id: 'message',
      title: t('column.message'),
      phone: 'second',
      render: ({ message = '' }) => <span title={message}>{message}</span>,
    },
    { id: 'count', title: t('column.count'), width: '70px', align: 'end', render: (event) => timesSeen(event) },
    {
      id: 'lastSeen',
      title: t('column.lastSeen'),
      sort: 'lastTimestamp',
      width: '120px',
      align: 'end',
      phone: 'end',
      render: (event) => <Time at={lastSeen(event)} />,
    },
  ];
}

/** What lately happened in a project. */
export default function Events() {
  const t = useText();
  const at = useProject();
  const columns = useColumns();
  const control = useListState({ sort: 'lastTimestamp', ascending: false });
  const list = useList<ClusterEvent>({
    path: pagedListPath(at, kinds.event),
    control,
    tokens,
    watch: { path: kubeListPath(at, kinds.event) },
  });
  const filters = [
    {
      token: 'type',
      label: t('events.filter.type'),
      only: true,
      values: [
        { value: 'Warning', label: t('events.warning') },
        { value: 'Normal', label: t('events.normal') },
      ],
    },
    { token: 'reason', label: t('column.reason') },
    {
      token: 'kind',
      label: t('column.kind'),
      values: ['Deployment', 'ReplicaSet', 'Pod', 'Service'].map((kind) => ({ value: kind, label: kind })),
    },
    { token: 'object', label: t('column.object') },
  ];
  return (
    <Page title={t('events.title')} sentence={t('events.sentence')}>
      <DataTable
        label={t('events.title')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ metadata }) => metadata.uid ?? metadata.name}
        rowName={({ reason = '', involvedObject }) => `${reason} ${involvedObject?.name ?? ''}`}
        filters={filters}
        empty={<EmptyState title={t('events.empty')} text={t('events.empty.text')} />}
      />
    </Page>
  );
}
