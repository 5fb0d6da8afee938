import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import {
  ActionButton,
  api,
  ConfirmDelete,
  DataTable,
  EmptyState,
  Time,
  useCan,
  useList,
  useListState,
  type Column,
} from '@kit/ui';
import type { UserItem } from '../api.ts';
import { useText } from '../text.ts';
import { MemberRole } from './member-role.tsx';
import type { MembersOf } from './members-of.ts';

function useColumns(of: MembersOf): readonly Column<UserItem>[] {
  const t = useText();
  return [
    { id: 'name', title: t('user.name'), sort: 'name', phone: 'first', render: ({ metadata }) => metadata.name },
    { id: 'email', title: t('user.email'), phone: 'second', render: ({ spec }) => spec.email },
    {
      id: 'role',
      title: t('members.role'),
      width: '220px',
      phone: 'end',
      render: (member) => <MemberRole of={of} member={member} />,
    },
    {
      id: 'lastLogin',
      title: t('user.lastLogin'),
      width: '140px',
      render: ({ status }) => (status?.lastLoginTime ? <Time at={status.lastLoginTime} /> : t('user.never')),
    },
    {
      id: 'actions',
      title: t('user.actions'),
      width: '140px',
      align: 'end',
      render: (member) => <RemoveMember of={of} member={member} />,
    },
  ];
}

/** Everybody with a role in the place, with ways to change and to take it. */
export function MembersTable({ of }: { of: MembersOf }) {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<UserItem>({ path: of.members, control });
  const columns = useColumns(of);
  return (
    <DataTable
      label={t('members.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ metadata }) => metadata.name}
      filters={[{ token: 'email', label: t('user.email') }]}
      empty={<EmptyState title={t('members.empty')} text={t('members.empty.text')} />}
    />
  );
}

function RemoveMember({ of, member }: { of: MembersOf; member: UserItem }) {
  const t = useText();
  const queries = useQueryClient();
  const { name } = member.metadata;
  const verdict = useCan({ verb: 'delete', group: 'iam.kubesphere.io', resource: of.resource });
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="quiet" icon="x" label={t('members.remove')} verdict={verdict} onClick={open} />
      <ConfirmDelete
        opened={isOpen}
        onClose={close}
        title={
          of.kind === 'cluster'
            ? t('cluster.remove.title', { name })
            : t('members.remove.title', { name, place: of.name })
        }
        goes={[t(`members.remove.goes.${of.kind}`)]}
        stays={[t('members.remove.stays')]}
        confirmLabel={t('members.remove')}
        onConfirm={async () => {
          await api.delete(`${of.members}/${encodeURIComponent(name)}`);
          await queries.invalidateQueries({ queryKey: ['list', of.members] });
        }}
      />
    </>
  );
}
