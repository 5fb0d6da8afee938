import type { ConsoleFeature } from '@kit/ui';

/** Sign-in, users, and members of workspaces and projects. */
export const iamConsole: ConsoleFeature = {
  id: 'iam',
  pages: [
    {
      id: 'authorize',
      place: 'platform',
      path: 'authorize',
      load: () => import('./authorize-page.tsx'),
      title: 'authorize.title',
    },
    { id: 'users', place: 'platform', path: 'users', load: () => import('./users-page.tsx'), title: 'users.title' },
    {
      id: 'workspace-members',
      place: 'workspace',
      path: 'members',
      load: () => import('./members-page.tsx'),
      title: 'members.title',
    },
    {
      id: 'project-members',
      place: 'project',
      path: 'members',
      load: () => import('./members-page.tsx'),
      title: 'members.title',
    },
  ],
  nav: [
    {
      place: 'platform',
      page: 'users',
      label: 'users.title',
      icon: 'users',
      order: 30,
      needs: { verb: 'list', group: 'iam.kubesphere.io', resource: 'users' },
    },
    {
      place: 'workspace',
      page: 'workspace-members',
      label: 'members.title',
      icon: 'users',
      order: 80,
      needs: { verb: 'list', group: 'iam.kubesphere.io', resource: 'workspacemembers' },
    },
    {
      place: 'project',
      page: 'project-members',
      label: 'members.title',
      icon: 'users',
      order: 80,
      needs: { verb: 'list', group: 'iam.kubesphere.io', resource: 'members' },
    },
  ],
  messages: {
    en: () => import('./messages/en.ts'),
    ko: () => import('./messages/ko.ts'),
    zh: () => import('./messages/zh.ts'),
  },
  gate: { signIn: () => import('./sign-in-page.tsx'), firstPassword: () => import('./first-password-page.tsx') },
};
