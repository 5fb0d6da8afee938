import { ApiError } from '@kit/base';
import { defineRoute, type Permission, type Route } from '@kit/http';
import { kinds, type KubeObject, type Row, type Views } from '@kit/kube';
import { Type, type Static } from 'typebox';
import { nodeStatus } from '../contract/index.ts';
import type { ResourcesDeps } from './ports.ts';

/** Namespaces whose services are parts of the platform or of Kubernetes itself, as in KubeSphere 3.4. */
const systemNamespaces = [
  'kube-system',
  'kubesphere-system',
  'kubesphere-controls-system',
  'kubesphere-monitoring-system',
  'kubesphere-logging-system',
  'kubesphere-devops-system',
  'istio-system',
];

const componentStatus = Type.Object({
  name: Type.String(),
  namespace: Type.String(),
  selfLink: Type.String(),
  label: Type.Record(Type.String(), Type.String()),
  startedAt: Type.String(),
  totalBackends: Type.Integer(),
  healthyBackends: Type.Integer(),
});
type ComponentStatus = Static<typeof componentStatus>;

interface Service extends KubeObject {
  spec?: { selector?: Record<string, string> };
}

function isReady(pod: Row): boolean {
  const { status } = pod.object() as { status?: { conditions?: { type: string; status: string }[] } }; // cast: the view is of pods
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}

/** Services that select nothing have no back ends of their own to be healthy or not. */
function componentOf(views: Views, row: Row<Service>): ComponentStatus | undefined {
  const selector = Object.entries(row.object().spec?.selector ?? {});
  if (selector.length === 0) return undefined;
  const pods = [...views.of(kinds.pods).rows(row.namespace)].filter((pod) =>
    selector.every(([key, value]) => pod.labels[key] === value),
  );
  return {
    name: row.name,
    namespace: row.namespace,
    selfLink: `/api/v1/namespaces/${row.namespace}/services/${row.name}`,
    label: Object.fromEntries(selector),
    startedAt: new Date(row.createdMs).toISOString(),
    totalBackends: pods.length,
    healthyBackends: pods.filter(isReady).length,
  };
}

async function components(views: Views): Promise<ComponentStatus[]> {
  const services = views.of<Service>(kinds.services);
  await Promise.all([services.ready(), views.of(kinds.pods).ready()]);
  const rows = systemNamespaces.flatMap((namespace) => [...services.rows(namespace)]);
  return rows.flatMap((row) => componentOf(views, row) ?? []);
}

async function nodeCounts(views: Views): Promise<{ totalNodes: number; healthyNodes: number }> {
  const nodes = views.of(kinds.nodes);
  await nodes.ready();
  const states = [...nodes.rows()].map((row) => nodeStatus(row.object()).state);
  const healthy = states.filter((state) => state === 'running' || state === 'suspended');
  return { totalNodes: nodes.size, healthyNodes: healthy.length };
}

/** The health of the platform's own parts and of the nodes. */
export function componentRoutes(deps: ResourcesDeps): Route[] {
  return ['v1alpha3', 'v1alpha2'].flatMap((version) => routesOf(deps, `/kapis/resources.kubesphere.io/${version}`));
}

function routesOf({ views }: ResourcesDeps, base: string): Route[] {
  const permission: Permission = { by: 'rbac' };
  const shared = { method: 'GET', scope: 'cluster', permission, tag: 'Components' } as const;
  return [
    defineRoute({
      ...shared,
      path: `${base}/componenthealth`,
      summary: 'Say how the parts of the platform and the nodes are',
      responses: {
        200: Type.Object({
          kubesphereStatus: Type.Array(componentStatus),
          nodeStatus: Type.Object({ totalNodes: Type.Integer(), healthyNodes: Type.Integer() }),
        }),
      },
      handle: async () => ({ kubesphereStatus: await components(views), nodeStatus: await nodeCounts(views) }),
    }),
    defineRoute({
      ...shared,
      path: `${base}/components`,
      summary: 'List the parts of the platform',
      responses: { 200: Type.Array(componentStatus) },
      handle: () => components(views),
    }),
    defineRoute({
      ...shared,
      path: `${base}/components/{component}`,
      summary: 'Read one part of the platform',
      params: Type.Object({ component: Type.String() }),
      responses: { 200: componentStatus },
      handle: async ({ params }) => {
        const found = (await components(views)).find(({ name }) => name === params.component);
        if (found) return found;
        const details = { kind: 'components', name: params.component };
        throw new ApiError('NotFound', `there is no component "${params.component}"`, { details });
      },
    }),
  ];
}
