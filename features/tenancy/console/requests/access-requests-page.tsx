import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  DataTable,
  EmptyState,
  Page,
  StatusMark,
  Time,
  toast,
  useListState,
  useLocalList,
  useSession,
  useTab,
  type Column,
  type Tone,
} from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { DecideRequest } from './decide-request.tsx';
import { RequestFacts } from './request-facts.tsx';
import { phaseOf, placeOf, roleTitle, type Phase, type RequestItem } from './requests-api.ts';

const tones: Readonly<Record<Phase, Tone>> = { Pending: 'busy', Approved: 'good', Denied: 'bad', Expired: 'idle' };

/** Requests for roles: those that wait for one's decision, one's own, and what was decided. */
export default function AccessRequestsPage() {
  const t = useText();
  const { username } = useSession();
  const tabs = [
    { id: 'toDecide', label: t('requests.toDecide') },
    { id: 'mine', label: t('requests.mine') },
    { id: 'history', label: t('requests.history') },
  ];
  const tab = useTab(tabs);
  const isMine = ({ spec }: RequestItem) => spec.user === username;
  const belongs: Readonly<Record<string, (request: RequestItem) => boolean>> = {
    toDecide: (request) => phaseOf(request) === 'Pending' && !isMine(request),
    mine: isMine,
    history: (request) => phaseOf(request) !== 'Pending' && !isMine(request),
  };
  return (
    <Page title={t('requests.title')} sentence={t('requests.sentence')} tabs={tabs}>
      <RequestsTable key={tab} tab={tab as Tab /* one of the tabs, or the first */} belongs={belongs[tab] ?? isMine} />
    </Page>
  );
}

type Tab = 'toDecide' | 'mine' | 'history';

interface RequestsTableProps {
  readonly tab: Tab;
  readonly belongs: (request: RequestItem) => boolean;
}

function RequestsTable({ tab, belongs }: RequestsTableProps) {
  const t = useText();
  const control = useListState({ sort: 'asked', ascending: false });
  const query = useQuery({
    queryKey: ['list', paths.requests],
    queryFn: ({ signal }) => api.get<{ items: readonly RequestItem[] }>(paths.requests, { signal }),
    refetchInterval: 15_000,
  });
  const list = useLocalList<RequestItem>({
    query: { ...query, data: query.data?.items.filter(belongs) },
    control,
    text: (request) => `${request.spec.user} ${placeOf(request)} ${request.spec.role}`,
    sorts: {
      user: ({ spec }) => spec.user,
      place: placeOf,
      asked: ({ metadata }) => metadata.creationTimestamp ?? '',
    },
    tokens: { status: (request, value) => phaseOf(request) === value },
  });
  const columns = useColumns(tab);
  const phases = (['Pending', 'Approved', 'Denied', 'Expired'] as const).map((value) => ({
    value,
    label: t(`requests.phase.${value}`),
  }));
  return (
    <DataTable
      label={t('requests.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ spec }) => spec.user}
      peek={(request) => <RequestFacts request={request} />}
      filters={tab === 'toDecide' ? [] : [{ token: 'status', label: t('state'), values: phases }]}
      empty={<EmptyState title={t(`requests.none.${tab}`)} text={t(`requests.none.${tab}.text`)} />}
    />
  );
}

function useColumns(tab: Tab): readonly Column<RequestItem>[] {
  const t = useText();
  const who: Column<RequestItem> = {
    id: 'user',
    title: t('requests.user'),
    sort: 'user',
    width: '150px',
    phone: 'first',
    render: ({ spec }) => spec.user,
  };
  const role: Column<RequestItem> = {
    id: 'role',
    title: t('requests.role'),
    phone: tab === 'mine' ? 'first' : 'second',
    render: (request) => (
      <span>{t('requests.roleIn', { role: roleTitle(request.spec, t), place: placeOf(request) })}</span>
    ),
  };
  const reason: Column<RequestItem> = {
    id: 'reason',
    title: t('requests.reason'),
    phone: tab === 'mine' ? 'second' : undefined,
    render: ({ spec, status }) => status?.comment ?? spec.reason,
  };
  const rest: Column<RequestItem>[] = [
    {
      id: 'life',
      title: t('requests.life'),
      width: '110px',
      render: ({ spec }) => (spec.hours ? t('requests.hours', { count: spec.hours }) : t('requests.forGood')),
    },
    {
      id: 'asked',
      title: t('requests.asked'),
      sort: 'asked',
      width: '110px',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
  ];
  const phase: Column<RequestItem> = {
    id: 'phase',
    title: t('state'),
    width: '170px',
    phone: 'end',
    render: (request) => <Outcome request={request} />,
  };
  if (tab === 'toDecide') return [who, role, reason, ...rest, decisionColumn(t('actions'))];
  if (tab === 'mine') return [role, reason, ...rest, phase, withdrawalColumn(t('actions'))];
  return [who, role, reason, ...rest, phase];
}

function decisionColumn(title: string): Column<RequestItem> {
  return {
    id: 'actions',
    title,
    width: '230px',
    align: 'end',
    phone: 'end',
    render: (request) => <DecideButtons request={request} />,
  };
}

function withdrawalColumn(title: string): Column<RequestItem> {
  return { id: 'actions', title, width: '120px', align: 'end', render: (request) => <Withdraw request={request} /> };
}

function Outcome({ request }: { request: RequestItem }) {
  const t = useText();
  const phase = phaseOf(request);
  const by = request.status?.decidedBy;
  return (
    <StatusMark tone={tones[phase]}>
      {by && phase !== 'Expired' ? t(`requests.phase.${phase}.by`, { name: by }) : t(`requests.phase.${phase}`)}
    </StatusMark>
  );
}

function DecideButtons({ request }: { request: RequestItem }) {
  const t = useText();
  const [deciding, setDeciding] = useState<'approve' | 'deny'>();
  return (
    <>
      <ActionButton variant="quiet" icon="check" label={t('requests.approve')} onClick={() => setDeciding('approve')} />
      <ActionButton variant="quiet" icon="x" label={t('requests.deny')} onClick={() => setDeciding('deny')} />
      <DecideRequest request={request} deciding={deciding} onClose={() => setDeciding(undefined)} />
    </>
  );
}

function Withdraw({ request }: { request: RequestItem }) {
  const t = useText();
  const queries = useQueryClient();
  if (phaseOf(request) !== 'Pending') return null;
  const withdraw = async () => {
    try {
      await api.delete(`${paths.requests}/${request.metadata.name}`);
      toast.done(t('requests.withdrawn'));
    } catch (error) {
      toast.failed(error);
    }
    await queries.invalidateQueries({ queryKey: ['list', paths.requests] });
  };
  return <ActionButton variant="quiet" icon="x" label={t('requests.withdraw')} onClick={() => void withdraw()} />;
}
