import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  Confirm,
  DataTable,
  EmptyState,
  StatusMark,
  Time,
  toast,
  useListState,
  useLocalList,
  type Column,
} from '@kit/ui';
import { useText } from '../text.ts';
import { accountPaths, type SessionItem } from './account-api.ts';
import { deviceName } from './device-name.ts';

/** Where one is signed in. */
export function SessionsTab() {
  const t = useText();
  const control = useListState({ sort: 'createdAt', ascending: false });
  const query = useQuery({
    queryKey: ['list', accountPaths.sessions],
    queryFn: async ({ signal }) => (await api.get<{ items: SessionItem[] }>(accountPaths.sessions, { signal })).items,
  });
  const list = useLocalList<SessionItem>({
    query,
    control,
    text: ({ userAgent, sourceIP, client }) => `${deviceName(userAgent)} ${sourceIP} ${client}`,
    sorts: { createdAt: ({ createdAt }) => createdAt, expiresAt: ({ expiresAt }) => expiresAt },
  });
  const [isEnding, end] = useDisclosure(false);
  const queries = useQueryClient();
  const columns = useColumns();
  return (
    <>
      <div>
        <ActionButton
          icon="logout"
          label={t('sessions.endOthers')}
          disabledReason={(query.data ?? []).length < 2 ? t('sessions.noOthers') : undefined}
          onClick={end.open}
        />
      </div>
      <DataTable
        label={t('account.sessions')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ id }) => id}
        rowName={({ userAgent }) => deviceName(userAgent)}
        empty={<EmptyState title={t('sessions.empty')} />}
      />
      <Confirm
        opened={isEnding}
        onClose={end.close}
        title={t('sessions.endOthers')}
        confirmLabel={t('sessions.endOthers')}
        danger
        onConfirm={async () => {
          await api.delete(accountPaths.sessions);
          await queries.invalidateQueries({ queryKey: ['list', accountPaths.sessions] });
          toast.done(t('sessions.othersEnded'));
        }}
      >
        <div>{t('sessions.endOthers.text')}</div>
      </Confirm>
    </>
  );
}

function useColumns(): readonly Column<SessionItem>[] {
  const t = useText();
  return [
    {
      id: 'device',
      title: t('sessions.device'),
      phone: 'first',
      render: ({ userAgent, current }) => (
        <>
          {deviceName(userAgent) || t('sessions.unknown')}{' '}
          {current && <StatusMark tone="good">{t('sessions.current')}</StatusMark>}
        </>
      ),
    },
    { id: 'from', title: t('sessions.from'), width: '150px', phone: 'second', render: ({ sourceIP }) => sourceIP },
    { id: 'client', title: t('sessions.client'), width: '130px', render: ({ client }) => client },
    {
      id: 'created',
      title: t('sessions.began'),
      width: '120px',
      sort: 'createdAt',
      render: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'expires',
      title: t('sessions.ends'),
      width: '190px',
      sort: 'expiresAt',
      render: ({ expiresAt }) => <ExactTime at={expiresAt} />,
    },
    {
      id: 'actions',
      title: t('user.actions'),
      width: '110px',
      align: 'end',
      phone: 'end',
      render: (session) => <EndSession session={session} />,
    },
  ];
}

/** A moment that is still to come, in the form of the language. */
export function ExactTime({ at }: { at: string }) {
  const t = useText();
  return <time dateTime={at}>{t('at', { time: Date.parse(at) })}</time>;
}

function EndSession({ session }: { session: SessionItem }) {
  const t = useText();
  const queries = useQueryClient();
  const end = async () => {
    try {
      await api.delete(accountPaths.session(session.id));
      toast.done(t('sessions.ended'));
    } catch (error) {
      toast.failed(error);
    }
    await queries.invalidateQueries({ queryKey: ['list', accountPaths.sessions] });
  };
  return (
    <ActionButton
      variant="quiet"
      icon="logout"
      label={t('sessions.end')}
      disabledReason={session.current ? t('sessions.own') : undefined}
      onClick={() => void end()}
    />
  );
}
