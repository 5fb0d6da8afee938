import { useState } from 'react';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  ConfirmDelete,
  DataTable,
  EmptyState,
  StatusMark,
  Time,
  useListState,
  useLocalList,
  type Column,
} from '@kit/ui';
import { useText } from '../text.ts';
import { accountPaths, type ApiTokenItem } from './account-api.ts';
import { MakeToken } from './make-token.tsx';
import { ExactTime } from './sessions.tsx';

/** The tokens that scripts act by in one's name. */
export function ApiTokensTab() {
  const t = useText();
  const control = useListState({ sort: 'createdAt', ascending: false });
  const query = useQuery({
    queryKey: ['list', accountPaths.apiTokens],
    queryFn: async ({ signal }) => (await api.get<{ items: ApiTokenItem[] }>(accountPaths.apiTokens, { signal })).items,
  });
  const list = useLocalList<ApiTokenItem>({
    query,
    control,
    text: ({ description, name }) => `${description} ${name}`,
    sorts: {
      description: ({ description }) => description,
      createdAt: ({ createdAt }) => createdAt,
      expiresAt: ({ expiresAt = '' }) => expiresAt,
    },
  });
  const columns = useColumns();
  const [isMaking, { open, close }] = useDisclosure(false);
  const make = <ActionButton variant="primary" icon="plus" label={t('tokens.make')} onClick={open} />;
  return (
    <>
      <div className="fh-soft">{t('tokens.text')}</div>
      {!list.isEmpty && <div>{make}</div>}
      <DataTable
        label={t('account.tokens')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ name }) => name}
        rowName={({ description }) => description}
        empty={<EmptyState title={t('tokens.empty')} text={t('tokens.empty.text')} action={make} />}
      />
      <MakeToken opened={isMaking} onClose={close} />
    </>
  );
}

function useColumns(): readonly Column<ApiTokenItem>[] {
  const t = useText();
  const [openedAt] = useState(() => new Date().toISOString());
  return [
    {
      id: 'description',
      title: t('tokens.description'),
      sort: 'description',
      phone: 'first',
      render: ({ description }) => description,
    },
    {
      id: 'limits',
      title: t('tokens.may'),
      phone: 'second',
      render: ({ readOnly, workspaces }) =>
        [t(readOnly ? 'tokens.reads' : 'tokens.all'), workspaces && t('tokens.in', { names: workspaces.join(', ') })]
          .filter(Boolean)
          .join(', '),
    },
    {
      id: 'used',
      title: t('tokens.used'),
      width: '140px',
      render: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : t('user.never')),
    },
    {
      id: 'created',
      title: t('user.created'),
      width: '120px',
      sort: 'createdAt',
      render: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'expires',
      title: t('sessions.ends'),
      width: '190px',
      sort: 'expiresAt',
      render: ({ expiresAt = '' }) =>
        expiresAt < openedAt ? (
          <StatusMark tone="idle">{t('tokens.expired')}</StatusMark>
        ) : (
          <ExactTime at={expiresAt} />
        ),
    },
    {
      id: 'actions',
      title: t('user.actions'),
      width: '120px',
      align: 'end',
      phone: 'end',
      render: (token) => <TakeBack token={token} />,
    },
  ];
}

function TakeBack({ token }: { token: ApiTokenItem }) {
  const t = useText();
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="quiet" icon="trash" label={t('tokens.revoke')} onClick={open} />
      <ConfirmDelete
        opened={isOpen}
        onClose={close}
        title={t('tokens.revoke.title', { name: token.description })}
        goes={[t('tokens.revoke.goes')]}
        confirmLabel={t('tokens.revoke')}
        onConfirm={async () => {
          await api.delete(accountPaths.apiToken(token.name));
          await queries.invalidateQueries({ queryKey: ['list', accountPaths.apiTokens] });
        }}
      />
    </>
  );
}
