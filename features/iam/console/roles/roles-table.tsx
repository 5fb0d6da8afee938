import {
  ActionButton,
  DataTable,
  EmptyState,
  Time,
  useCan,
  useList,
  useListState,
  type Column,
  type Verdict,
} from '@kit/ui';
import { annotation, type RoleItem } from '../api.ts';
import { useText } from '../text.ts';
import { useRoleName, useRoleText } from '../use-role-name.ts';
import { isBuiltIn } from './is-built-in.ts';
import type { RolesOf } from './roles-of.ts';
import { templatesIn } from './templates.ts';

function useColumns(of: RolesOf): readonly Column<RoleItem>[] {
  const t = useText();
  const roleName = useRoleName();
  const roleText = useRoleText();
  return [
    {
      id: 'name',
      title: t('members.role'),
      width: '26%',
      sort: 'name',
      phone: 'first',
      render: (role) => roleName(of.shortRole(role.metadata.name), role),
    },
    {
      id: 'description',
      title: t('user.description'),
      phone: 'second',
      render: ({ metadata }) => metadata.annotations?.[annotation.description] ?? roleText(of.shortRole(metadata.name)),
    },
    {
      id: 'kind',
      title: t('roles.kind'),
      width: '110px',
      phone: 'end',
      render: (role) => t(isBuiltIn(of, role) ? 'roles.builtIn' : 'roles.custom'),
    },
    {
      id: 'templates',
      title: t('roles.parts'),
      width: '90px',
      align: 'end',
      render: (role) => templatesIn(role).length || '',
    },
    {
      id: 'created',
      title: t('user.created'),
      width: '120px',
      sort: 'createTime',
      render: ({ metadata }) => <Time at={metadata.creationTimestamp} />,
    },
  ];
}

/** The roles of a level that people can be given. */
export function RolesTable({ of }: { of: RolesOf }) {
  const t = useText();
  const control = useListState({ sort: 'name', ascending: true });
  const list = useList<RoleItem>({ path: of.path, control, params: of.query });
  const columns = useColumns(of);
  return (
    <DataTable
      label={t('roles.title')}
      columns={columns}
      list={list}
      control={control}
      rowKey={({ metadata }) => metadata.name}
      rowName={({ metadata }) => of.shortRole(metadata.name)}
      open={({ metadata }) => of.roleHref(metadata.name)}
      empty={<EmptyState title={t('roles.empty')} text={t('roles.empty.text')} />}
    />
  );
}

/** Leads to the form for a new role. */
export function CreateRoleButton({ of }: { of: RolesOf }) {
  const t = useText();
  const verdict: Verdict = useCan({ verb: 'create', group: 'iam.kubesphere.io', resource: of.resource });
  return <ActionButton variant="primary" icon="plus" label={t('roles.create')} verdict={verdict} href={of.newHref} />;
}
