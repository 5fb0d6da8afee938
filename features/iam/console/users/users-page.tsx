import { useDisclosure } from '@mantine/hooks';
import {
  ActionButton,
  DataTable,
  EmptyState,
  Page,
  Time,
  to,
  useCan,
  useList,
  useListState,
  useTab,
  type Column,
} from '@kit/ui';
import { globalRoleOf, iamApi, type UserItem } from '../api.ts';
import { CreateUser } from './create-user.tsx';
import { useText } from '../text.ts';
import { UserActions } from './user-actions.tsx';
import { platformRoles } from '../roles/roles-of.ts';
import { CreateRoleButton, RolesTable } from '../roles/roles-table.tsx';
import { useRoleName } from '../use-role-name.ts';
import { UserFacts } from './user-facts.tsx';
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

/** Everybody who can sign in, and the roles of the platform. */
export default function UsersPage() {
  const t = useText();
  const tabs = [
    { id: 'users', label: t('users.title') },
    { id: 'roles', label: t('roles.title') },
  ];
  const isRoles = useTab(tabs) === 'roles';
  return (
    <Page
      title={t('users.title')}
      sentence={t(isRoles ? 'roles.sentence.platform' : 'users.sentence')}
      actions={isRoles ? <CreateRoleButton of={platformRoles} /> : <CreateUserButton />}
      tabs={tabs}
    >
      {isRoles ? <RolesTable of={platformRoles} /> : <UsersTable />}
    </Page>
  );
}

function CreateUserButton() {
  const t = useText();
  const verdict = useCan({ verb: 'create', ...right });
  const [isCreating, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionButton variant="primary" icon="user-plus" label={t('users.create')} verdict={verdict} onClick={open} />
      <CreateUser opened={isCreating} onClose={close} />
    </>
  );
}

function UsersTable() {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<UserItem>({ path, control });
  const columns = useColumns();
  const filters = [
    {
      token: 'status',
      label: t('user.state'),
      values: [
        { value: 'Active', label: t('state.active') },
        { value: 'Disabled', label: t('state.disabled') },
        { value: 'AuthLimitExceeded', label: t('state.limited') },
      ],
    },
    { token: 'globalrole', label: t('user.role') },
    { token: 'email', label: t('user.email') },
  ];
  return (
    <DataTable
      label={t('users.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ metadata }) => metadata.name}
      open={({ metadata }) => to.platform('users/$name', { name: metadata.name })}
      peek={(user) => <UserFacts user={user} />}
      filters={filters}
      empty={<EmptyState title={t('users.empty')} text={t('users.empty.text')} />}
    />
  );
}
