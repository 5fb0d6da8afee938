import { defineRoute, type Route } from '@kit/http';
import { kinds, type KubeObject, type ResourceType, type Views } from '@kit/kube';
import { Type } from 'typebox';
import type { TenancyParts } from './ports.ts';

const figures = Type.Record(Type.String(), Type.String());
const answer = Type.Object({
  namespace: Type.String(),
  data: Type.Object({ used: figures, hard: Type.Optional(figures) }),
});

/** What KubeSphere 3.4 always counts, whether a quota limits it or not; the names are its own. */
const counted: readonly (readonly [key: string, type: ResourceType | undefined])[] = [
  ['count/cronjobs.batch', kinds.cronjobs],
  ['count/daemonsets.apps', kinds.daemonsets],
  ['count/deployments.apps', kinds.deployments],
  ['count/ingresses.extensions', kinds.ingresses],
  ['count/jobs.batch', kinds.jobs],
  ['count/pods', kinds.pods],
  ['count/s2ibuilders.devops.kubesphere.io', undefined],
  ['count/services', kinds.services],
  ['count/statefulsets.apps', kinds.statefulsets],
  ['persistentvolumeclaims', kinds.persistentvolumeclaims],
];

async function countsIn(views: Views, namespace?: string): Promise<Record<string, string>> {
  await Promise.all(counted.flatMap(([, type]) => (type ? [views.of(type).ready()] : [])));
  const sizeOf = (type: ResourceType): number =>
    namespace === undefined ? views.of(type).size : [...views.of(type).rows(namespace)].length;
  return Object.fromEntries(counted.map(([key, type]) => [key, String(type ? sizeOf(type) : 0)]));
}

type Quota = KubeObject & { status?: { hard?: Record<string, string>; used?: Record<string, string> } };

/** Counts of a project and of the cluster, with what the project's own quotas say. */
export function projectQuotaRoutes({ views }: TenancyParts): Route[] {
  const common = { method: 'GET', permission: { by: 'rbac' }, tag: 'Quotas', responses: { 200: answer } } as const;
  return [
    defineRoute({
      ...common,
      path: '/kapis/resources.kubesphere.io/v1alpha2/namespaces/{namespace}/quotas',
      scope: 'project',
      summary: 'Say what a project uses and may use',
      params: Type.Object({ namespace: Type.String() }),
      handle: async ({ params: { namespace } }) => {
        const view = views.of<Quota>(kinds.resourcequotas);
        await view.ready();
        const statuses = [...view.rows(namespace)].map((row) => row.object().status ?? {});
        const used = await countsIn(views, namespace);
        const hard = Object.assign({}, ...statuses.map((status) => status.hard ?? {})) as Record<string, string>; // cast: of such records
        Object.assign(used, ...statuses.map((status) => status.used ?? {}));
        return { namespace, data: { used, ...(Object.keys(hard).length > 0 ? { hard } : {}) } };
      },
    }),
    defineRoute({
      ...common,
      path: '/kapis/resources.kubesphere.io/v1alpha2/quotas',
      scope: 'cluster',
      summary: 'Say what all projects use together',
      // KubeSphere 3.4 writes the absent namespace as two quotation marks.
      handle: async () => ({ namespace: '""', data: { used: await countsIn(views) } }),
    }),
  ];
}
