import { Indicator, Menu, UnstyledButton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, Icon, to, toast, useGo } from '@kit/ui';
import { paths } from '../api.ts';
import { useText } from '../text.ts';
import { placeOf, roleTitle, type RequestItem } from './requests-api.ts';
import classes from '../tenancy.module.css';

interface Notice {
  readonly kind: 'toDecide' | 'approved' | 'denied' | 'expired';
  readonly request: RequestItem;
}

/** What waits for the user: requests to decide, and answers to their own. */
export default function Notices() {
  const t = useText();
  const query = useQuery({
    queryKey: ['list', paths.notices],
    queryFn: ({ signal }) => api.get<{ items: readonly Notice[] }>(paths.notices, { signal }),
    refetchInterval: 30_000,
  });
  const notices = query.data?.items ?? [];
  return (
    <Menu width={320}>
      <Menu.Target>
        <UnstyledButton className={classes.notices}>
          <span className="fh-visually-hidden">{t('notices', { count: notices.length })}</span>
          <span aria-hidden>
            <Indicator disabled={notices.length === 0} label={notices.length} size={16} offset={2}>
              <Icon name="bell" />
            </Indicator>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('notices', { count: notices.length })}</Menu.Label>
        {notices.map((notice) => (
          <NoticeItem key={notice.request.metadata.name} notice={notice} />
        ))}
        <AllRequests />
      </Menu.Dropdown>
    </Menu>
  );
}

function AllRequests() {
  const t = useText();
  const go = useGo();
  return (
    <>
      <Menu.Divider />
      <Menu.Item onClick={() => go(to.platform('access-requests'))}>{t('notices.all')}</Menu.Item>
    </>
  );
}

function NoticeItem({ notice: { kind, request } }: { notice: Notice }) {
  const t = useText();
  const go = useGo();
  const queries = useQueryClient();
  const isAnswer = kind !== 'toDecide';
  const open = () => {
    go(to.platform('access-requests', isAnswer ? { tab: 'mine' } : {}));
    if (!isAnswer) return;
    api.post(`${paths.requests}/${request.metadata.name}/seen`, undefined).then(
      () => queries.invalidateQueries({ queryKey: ['list', paths.notices] }),
      (error: unknown) => toast.failed(error),
    );
  };
  const values = { user: request.spec.user, role: roleTitle(request.spec, t), place: placeOf(request) };
  return <Menu.Item onClick={open}>{t(`notices.${kind}`, values)}</Menu.Item>;
}
