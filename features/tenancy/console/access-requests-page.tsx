import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Group } from '@mantine/core';
import { ActionButton, api, EmptyState, Loaded, Page, Section, Time, toast, useSession } from '@kit/ui';
import { paths } from './api.ts';
import { useText } from './text.ts';
import classes from './tenancy.module.css';

interface RequestItem {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
  readonly spec: {
    readonly user: string;
    readonly workspace?: string;
    readonly namespace?: string;
    readonly role: string;
    readonly reason?: string;
    readonly hours?: number;
  };
  readonly status?: { readonly phase: 'Pending' | 'Approved' | 'Denied' | 'Expired'; readonly comment?: string };
}

/** Requests for roles: those that wait for one's decision, and one's own with what became of them. */
export default function AccessRequestsPage() {
  const t = useText();
  const { username } = useSession();
  const query = useQuery({
    queryKey: ['list', paths.requests],
    queryFn: ({ signal }) => api.get<{ items: readonly RequestItem[] }>(paths.requests, { signal }),
  });
  return (
    <Page title={t('requests.title')} sentence={t('requests.sentence')}>
      <Loaded query={query}>
        {({ items }) => {
          const isOpen = ({ status }: RequestItem) => (status?.phase ?? 'Pending') === 'Pending';
          const toDecide = items.filter((item) => isOpen(item) && item.spec.user !== username);
          const others = items.filter((item) => !toDecide.includes(item));
          return (
            <>
              <Section title={t('requests.toDecide')}>
                {toDecide.length === 0 ? (
                  <EmptyState title={t('requests.none')} text={t('requests.none.text')} />
                ) : (
                  <Lines items={toDecide} isDeciding />
                )}
              </Section>
              {others.length > 0 && (
                <Section title={t('requests.history')}>
                  <Lines items={others} />
                </Section>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Lines({ items, isDeciding = false }: { items: readonly RequestItem[]; isDeciding?: boolean }) {
  const t = useText();
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={item.metadata.name} className={classes.line}>
          <span className={classes.lineName}>
            {t('requests.line', {
              user: item.spec.user,
              role: item.spec.role,
              place: item.spec.namespace ?? item.spec.workspace ?? '',
            })}
          </span>
          <span className={classes.lineDetail}>{item.status?.comment ?? item.spec.reason}</span>
          <Time at={item.metadata.creationTimestamp} />
          {isDeciding ? <Decide item={item} /> : <span>{t(`requests.phase.${item.status?.phase ?? 'Pending'}`)}</span>}
        </li>
      ))}
    </ul>
  );
}

function Decide({ item }: { item: RequestItem }) {
  const t = useText();
  const queries = useQueryClient();
  const send = async (approve: boolean) => {
    try {
      await api.post(`${paths.requests}/${item.metadata.name}/decision`, { approve });
      toast.done(t(approve ? 'requests.approved' : 'requests.denied', { user: item.spec.user }));
    } catch (error) {
      toast.failed(error);
    }
    await queries.invalidateQueries({ queryKey: ['list', paths.requests] });
  };
  return (
    <Group gap="xs">
      <ActionButton icon="check" label={t('requests.approve')} onClick={() => void send(true)} />
      <ActionButton icon="x" label={t('requests.deny')} onClick={() => void send(false)} />
    </Group>
  );
}
