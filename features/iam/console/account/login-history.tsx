import { DataTable, EmptyState, StatusMark, Time, useList, useListState, useSession, type Column } from '@kit/ui';
import { iamApi } from '../api.ts';
import { useText } from '../text.ts';
import { deviceName } from './device-name.ts';

export interface LoginRecordItem {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
  readonly spec: {
    readonly type: string;
    readonly provider?: string;
    readonly success: boolean;
    readonly reason?: string;
    readonly sourceIP?: string;
    readonly userAgent?: string;
  };
}

/** When, from where and by what somebody signed in as the user, or tried. */
export function LoginHistoryTab() {
  const { username } = useSession();
  return <LoginHistory username={username} />;
}

/** The sign-ins of one user, the newest first. */
export function LoginHistory({ username }: { username: string }) {
  const t = useText();
  const control = useListState({ sort: 'createTime', ascending: false });
  const path = `${iamApi}/users/${encodeURIComponent(username)}/loginrecords`;
  const list = useList<LoginRecordItem>({ path, control });
  const columns = useColumns();
  return (
    <DataTable
      label={t('account.history')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ metadata }) => metadata.name}
      empty={<EmptyState title={t('history.empty')} />}
    />
  );
}

function useColumns(): readonly Column<LoginRecordItem>[] {
  const t = useText();
  return [
    {
      id: 'time',
      title: t('history.time'),
      width: '130px',
      sort: 'createTime',
      phone: 'first',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
    {
      id: 'outcome',
      title: t('history.outcome'),
      phone: 'end',
      render: ({ spec }) => (
        <StatusMark tone={spec.success ? 'good' : 'bad'}>
          {spec.success ? t('history.success') : (spec.reason ?? t('history.failure'))}
        </StatusMark>
      ),
    },
    { id: 'from', title: t('sessions.from'), width: '150px', phone: 'second', render: ({ spec }) => spec.sourceIP },
    { id: 'device', title: t('sessions.device'), render: ({ spec }) => deviceName(spec.userAgent ?? '') },
    {
      id: 'by',
      title: t('history.by'),
      width: '140px',
      render: ({ spec }) => spec.provider || t('history.by.password'),
    },
  ];
}
