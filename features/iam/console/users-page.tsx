import { useDisclosure } from '@mantine/hooks';
import {
  ActionButton,
  DataTable,
  EmptyState,
  Facts,
  Page,
  Time,
  useCan,
  useList,
  useListState,
  type Column,
} from '@kit/ui';
import { globalRoleOf, iamApi, type UserItem } from './api.ts';
import { CreateUser } from './create-user.tsx';
import { useText } from './text.ts';
import { UserActions } from './user-actions.tsx';
import { useRoleName } from './use-role-name.ts';
import { UserState } from './user-state.tsx';

const path = `${iamApi}/users`;
const right = { group: 'iam.kubesphere.io', resource: 'users' } as const;

function useColumns(): readonly Column<UserItem>[] {
  const t = useText();
  const roleName = useRoleName();
  return [
    { id: 'name', title: t('user.name'), sort: 'name', phone: 'first', render: ({ metadata }) => metadata.name },
    { id: 'displayName', title: t('user.displayName'), render: ({ spec }) => spec.displayName },
    { id: 'email', title: t('user.email'), phone: 'second', render: ({ spec }) => spec.email },
    { id: 'role', title: t('user.role'), width: '190px', render: (user) => roleName(globalRoleOf(user)) },
    { id: 'state', title: t('user.state'), width: '130px', phone: 'end', render: (user) => <UserState user={user} /> },
    {
      id: 'lastLogin',
      title: t('user.lastLogin'),
      width: '130px',
      render: ({ status }) => (status?.lastLoginTime ? <Time at={status.lastLoginTime} /> : t('user.never')),
    },
    {
      id: 'actions',
      title: t('user.actions'),
      width: '90px',
      align: 'end',
      render: (user) => <UserActions user={user} />,
    },
  ];
}

/** Everybody who can sign in. */
export default function UsersPage() {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<UserItem>({ path, control });
  const columns = useColumns();
  const canCreate = useCan({ verb: 'create', ...right });
  const [isCreating, { open, close }] = useDisclosure(false);
  const filters = [
    {
      token: 'status',
      label: t('user.state'),
      values: [
        { value: 'Active', label: t('state.active') },
        { value: 'Disabled', label: t('state.disabled') },
      ],
    },
    { token: 'email', label: t('user.email') },
  ];
  const create = (
    <ActionButton variant="primary" icon="user-plus" label={t('users.create')} verdict={canCreate} onClick={open} />
  );
  return (
    <Page title={t('users.title')} sentence={t('users.sentence')} actions={!list.isEmpty && create}>
      <DataTable
        label={t('users.title')}
        columns={columns}
        list={list}
        control={control}
        rowKey={({ metadata }) => metadata.name}
        rowName={({ metadata }) => metadata.name}
        peek={(user) => <UserFacts user={user} />}
        filters={filters}
        empty={<EmptyState title={t('users.empty')} text={t('users.empty.text')} action={create} />}
      />
      <CreateUser opened={isCreating} onClose={close} />
    </Page>
  );
}

function UserFacts({ user }: { user: UserItem }) {
  const t = useText();
  const roleName = useRoleName();
  const { metadata, spec, status } = user;
  return (
    <Facts
      items={[
        { label: t('user.state'), value: <UserState user={user} /> },
        { label: t('user.displayName'), value: spec.displayName },
        { label: t('user.email'), value: spec.email },
        { label: t('user.role'), value: roleName(globalRoleOf(user)) },
        { label: t('user.description'), value: spec.description },
        { label: t('user.created'), value: <Time at={metadata.creationTimestamp} /> },
        {
          label: t('user.lastLogin'),
          value: status?.lastLoginTime ? <Time at={status.lastLoginTime} /> : t('user.never'),
        },
      ]}
    />
  );
}
