import type { ReactNode } from 'react';
import { Page, useTab } from '@kit/ui';
import { CreateGroupButton } from '../groups/create-group.tsx';
import { GroupsTab } from '../groups/groups-tab.tsx';
import { clusterRoles, useRolesOf, type RolesOf } from '../roles/roles-of.ts';
import { CreateRoleButton, RolesTable } from '../roles/roles-table.tsx';
import { useText } from '../text.ts';
import { AddMemberButton } from './add-member.tsx';
import { membersOf, type MembersOf } from './members-of.ts';
import { MembersTable } from './members-table.tsx';

type PlaceRoles = RolesOf & { readonly kind: MembersOf['kind'] };

/** Who may do what in this workspace or project. */
export default function MembersPage() {
  return <Members of={useRolesOf() as PlaceRoles} />; // the page is only in workspaces and projects
}

/** Who may do what in the cluster itself. */
export function ClusterPage() {
  return <Members of={clusterRoles as PlaceRoles} />; // its kind is the cluster
}

function Members({ of }: { of: PlaceRoles }) {
  const t = useText();
  const members = membersOf(of);
  const tabs = [
    { id: 'members', label: t('members.title') },
    ...(of.kind === 'workspace' ? [{ id: 'groups', label: t('groups.title') }] : []),
    { id: 'roles', label: t('roles.title') },
  ];
  const tab = useTab(tabs);
  const parts: Readonly<Record<string, { readonly sentence: string; actions: ReactNode; content: ReactNode }>> = {
    members: {
      sentence: t(`members.sentence.${of.kind}`, { name: of.name }),
      actions: <AddMemberButton of={members} />,
      content: <MembersTable of={members} />,
    },
    groups: {
      sentence: t('groups.sentence', { name: of.name }),
      actions: <CreateGroupButton workspace={of.name} />,
      content: <GroupsTab workspace={of.name} />,
    },
    roles: {
      sentence: t(`roles.sentence.${of.kind}`, { name: of.name }),
      actions: <CreateRoleButton of={of} />,
      content: <RolesTable of={of} />,
    },
  };
  const shown = parts[tab];
  return (
    <Page
      title={t(of.kind === 'cluster' ? 'cluster.title' : 'members.title')}
      sentence={shown?.sentence}
      actions={shown?.actions}
      tabs={tabs}
    >
      {shown?.content}
    </Page>
  );
}
