import type { ConsolePage, NavEntry } from '@kit/ui';

const platform: readonly ConsolePage[] = [
  {
    id: 'authorize',
    place: 'platform',
    path: 'authorize',
    load: () => import('./sign-in/authorize-page.tsx'),
    title: 'authorize.title',
  },
  {
    id: 'account',
    place: 'platform',
    path: 'account',
    load: () => import('./account/account-page.tsx'),
    title: 'account.title',
  },
  { id: 'users', place: 'platform', path: 'users', load: () => import('./users/users-page.tsx'), title: 'users.title' },
  {
    id: 'user',
    place: 'platform',
    path: 'users/$name',
    load: () => import('./users/user-page.tsx'),
    title: 'members.user',
  },
  {
    id: 'sign-in-settings',
    place: 'platform',
    path: 'sign-in',
    load: () => import('./configuration/sign-in-settings-page.tsx'),
    title: 'signInSettings.title',
  },
  {
    id: 'cluster',
    place: 'platform',
    path: 'cluster',
    load: () => import('./members/cluster-page.tsx'),
    title: 'cluster.title',
  },
  {
    id: 'new-cluster-role',
    place: 'platform',
    path: 'cluster/new/role',
    load: () => import('./roles/new-cluster-role-page.tsx'),
    title: 'roles.create',
  },
  {
    id: 'cluster-role',
    place: 'platform',
    path: 'cluster/roles/$name',
    load: () => import('./roles/cluster-role-page.tsx'),
    title: 'members.role',
  },
];

const everywhere: readonly ConsolePage[] = (['platform', 'workspace', 'project'] as const).flatMap((place) => [
  {
    id: `${place}-new-role`,
    place,
    path: place === 'platform' ? 'users/new/role' : 'members/new/role',
    load: () => import('./roles/new-role-page.tsx'),
    title: 'roles.create',
  },
  {
    id: `${place}-role`,
    place,
    path: place === 'platform' ? 'users/roles/$name' : 'members/roles/$name',
    load: () => import('./roles/role-page.tsx'),
    title: 'members.role',
  },
]);

const members: readonly ConsolePage[] = (['workspace', 'project'] as const).map((place) => ({
  id: `${place}-members`,
  place,
  path: 'members',
  load: () => import('./members/members-page.tsx'),
  title: 'members.title',
}));

export const pages: readonly ConsolePage[] = [...platform, ...everywhere, ...members];

const group = 'iam.kubesphere.io';

export const nav: readonly NavEntry[] = [
  {
    place: 'platform',
    page: 'users',
    label: 'users.title',
    icon: 'users',
    order: 30,
    needs: { verb: 'list', group, resource: 'users' },
  },
  {
    place: 'platform',
    page: 'cluster',
    label: 'cluster.title',
    icon: 'server',
    order: 40,
    needs: { verb: 'list', group, resource: 'clustermembers' },
  },
  {
    place: 'platform',
    page: 'sign-in-settings',
    label: 'signInSettings.title',
    icon: 'key',
    order: 50,
    needs: { verb: '*', group: '*', resource: '*' },
  },
  {
    place: 'workspace',
    page: 'workspace-members',
    label: 'members.title',
    icon: 'users',
    order: 80,
    needs: { verb: 'list', group, resource: 'workspacemembers' },
  },
  {
    place: 'project',
    page: 'project-members',
    label: 'members.title',
    icon: 'users',
    order: 80,
    needs: { verb: 'list', group, resource: 'members' },
  },
];
