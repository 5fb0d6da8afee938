import type { ConsoleFeature } from '@kit/ui';
import { projectPlaces, workspacePlaces } from './places.ts';

/** The workbench, workspaces and their projects. */
export const tenancyConsole: ConsoleFeature = {
  id: 'tenancy',
  pages: [
    {
      id: 'workbench',
      place: 'platform',
      path: '',
      load: () => import('./workbench-page.tsx'),
      title: 'workbench.title',
    },
    {
      id: 'workspaces',
      place: 'platform',
      path: 'workspaces',
      load: () => import('./workspaces-page.tsx'),
      title: 'workspaces.title',
    },
    {
      id: 'access-requests',
      place: 'platform',
      path: 'access-requests',
      load: () => import('./requests/access-requests-page.tsx'),
      title: 'requests.title',
    },
    {
      id: 'workspace',
      place: 'workspace',
      path: '',
      load: () => import('./workspace-page.tsx'),
      title: 'workspace.overview',
    },
    {
      id: 'projects',
      place: 'workspace',
      path: 'projects',
      load: () => import('./projects/projects-page.tsx'),
      title: 'projects.title',
    },
    {
      id: 'workspace-settings',
      place: 'workspace',
      path: 'settings',
      load: () => import('./settings/workspace-settings-page.tsx'),
      title: 'settings.title',
    },
    {
      id: 'project-settings',
      place: 'project',
      path: 'settings',
      load: () => import('./settings/project-settings-page.tsx'),
      title: 'settings.title',
    },
    {
      id: 'tenancy-settings',
      place: 'platform',
      path: 'limits',
      load: () => import('./settings/tenancy-settings-page.tsx'),
      title: 'tenancy.title',
    },
  ],
  nav: [
    { place: 'platform', page: 'workbench', label: 'workbench.title', icon: 'home', order: 10 },
    { place: 'platform', page: 'workspaces', label: 'workspaces.title', icon: 'building', order: 20 },
    { place: 'platform', page: 'access-requests', label: 'requests.title', icon: 'bell', order: 25 },
    { place: 'workspace', page: 'workspace', label: 'workspace.overview', icon: 'layout-dashboard', order: 10 },
    { place: 'workspace', page: 'projects', label: 'projects.title', icon: 'folder', order: 20 },
    {
      place: 'workspace',
      page: 'workspace-settings',
      label: 'settings.title',
      icon: 'settings',
      order: 90,
      needs: { verb: 'update', group: 'tenant.kubesphere.io', resource: 'workspaces' },
    },
    { place: 'project', page: 'project-settings', label: 'settings.title', icon: 'settings', order: 90 },
    {
      place: 'platform',
      page: 'tenancy-settings',
      label: 'tenancy.title',
      icon: 'adjustments',
      order: 60,
      needs: { verb: 'update', group: 'tenant.freehold.io', resource: 'settings' },
    },
  ],
  messages: {
    en: () => import('./messages/en.ts'),
    ko: () => import('./messages/ko.ts'),
    zh: () => import('./messages/zh.ts'),
  },
  places: [workspacePlaces, projectPlaces],
  whyNot: () => import('./requests/why-not.tsx'),
  header: () => import('./requests/notices.tsx'),
};
