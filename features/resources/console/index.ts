import type { ConsoleFeature, ConsolePage } from '@kit/ui';
import { kinds, type Kind } from './api/kinds.ts';
import { right } from './api/rights.ts';

function page(
  [id, path, title]: readonly [id: string, path: string, title: string],
  load: ConsolePage['load'],
): ConsolePage {
  return { id, place: 'project', path, title, load };
}

function needs(kind: Kind) {
  return right('list', kind);
}

/** A project's workloads, services, configuration and events, and the way in for YAML. */
export const resourcesConsole: ConsoleFeature = {
  id: 'resources',
  pages: [
    page(['overview', '', 'nav.overview'], () => import('./pages/overview.tsx')),
    page(['deployments', 'deployments', 'nav.workloads'], () => import('./pages/deployments.tsx')),
    page(['deployment', 'deployments/$name', 'kind.deployment'], () => import('./pages/deployment.tsx')),
    page(['pods', 'pods', 'nav.pods'], () => import('./pages/pods.tsx')),
    page(['pod', 'pods/$name', 'kind.pod'], () => import('./pages/pod.tsx')),
    page(['services', 'services', 'nav.services'], () => import('./pages/services.tsx')),
    page(['service', 'services/$name', 'kind.service'], () => import('./pages/service.tsx')),
    page(['config', 'config', 'nav.config'], () => import('./pages/config.tsx')),
    page(['configMap', 'config/configmaps/$name', 'kind.configMap'], () => import('./pages/config-map.tsx')),
    page(['secret', 'config/secrets/$name', 'kind.secret'], () => import('./pages/secret.tsx')),
    page(['events', 'events', 'nav.events'], () => import('./pages/events.tsx')),
    page(['import', 'import', 'nav.import'], () => import('./pages/import-yaml.tsx')),
  ],
  nav: [
    {
      place: 'project',
      page: 'overview',
      label: 'nav.overview',
      icon: 'layout-dashboard',
      order: 10,
      needs: needs(kinds.deployment),
    },
    {
      place: 'project',
      page: 'deployments',
      label: 'nav.workloads',
      icon: 'stack-2',
      order: 20,
      needs: needs(kinds.deployment),
    },
    { place: 'project', page: 'pods', label: 'nav.pods', icon: 'box', order: 30, needs: needs(kinds.pod) },
    {
      place: 'project',
      page: 'services',
      label: 'nav.services',
      icon: 'network',
      order: 40,
      needs: needs(kinds.service),
    },
    {
      place: 'project',
      page: 'config',
      label: 'nav.config',
      icon: 'adjustments',
      order: 50,
      needs: needs(kinds.configMap),
    },
    {
      place: 'project',
      page: 'events',
      label: 'nav.events',
      icon: 'timeline-event',
      order: 60,
      needs: needs(kinds.event),
    },
    {
      place: 'project',
      page: 'import',
      label: 'nav.import',
      icon: 'file-import',
      order: 70,
      needs: right('create', kinds.deployment),
    },
  ],
  messages: {
    en: () => import('./messages/en.ts'),
    ko: () => import('./messages/ko.ts'),
    zh: () => import('./messages/zh.ts'),
  },
};
