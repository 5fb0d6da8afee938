import { ApiError, isApiError, timestamp } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import type { NodeRuntime } from '../../node-runtime.ts';
import { kindsOfCrd } from '../kinds/custom-kind.ts';
import type { ComputedObjects, KindInfo } from '../kinds/kind-info.ts';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { KindRegistry } from '../store/kind-registry.ts';
import { metricsCells } from './metrics-cells.ts';
import { nodeMetrics, podMetrics } from './metrics-objects.ts';

const group = 'metrics.k8s.io';
const version = 'v1beta1';
const resources = ['cpu', 'memory', 'Window'];

export interface MetricsDeps {
  readonly kinds: KindRegistry;
  readonly storage: Storage;
  /** Acts as `system:masters`. */
  readonly client: ClusterClient;
  readonly runtime: NodeRuntime;
}

const sampleFields = {
  timestamp: { type: 'string', format: 'date-time' },
  window: { type: 'string' },
};
const usage = { type: 'object', additionalProperties: { type: 'string' } };
const containers = {
  type: 'array',
  items: { type: 'object', properties: { name: { type: 'string' }, usage } },
};

/** A kind that is described like a custom one, but whose objects are made when they are asked for. */
function computedKind(
  plural: string,
  about: { kind: string; scope: string; fields: object },
  computed: ComputedObjects,
): KindInfo {
  const { kind, scope, fields } = about;
  const properties = { ...sampleFields, ...fields };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, kind, singular: '', listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties } },
          additionalPrinterColumns: resources.map((name) => ({ name, type: 'string', jsonPath: '.' })),
        },
      ],
    },
  };
  const [made] = kindsOfCrd(definition);
  if (!made) throw new Error(`${kind} is not served`);
  return { ...made, singular: '', verbs: ['get', 'list'], computed };
}

function missing(resource: string, name: string): ApiError {
  return new ApiError('NotFound', `${resource}.${group} "${name}" not found`, {
    details: { name, group, kind: resource },
  });
}

function nodesKind({ storage, runtime }: MetricsDeps): KindInfo {
  const labelsOf = (name: string): Readonly<Record<string, string>> | undefined =>
    storage.get({ resource: resourceKey('', 'nodes'), namespace: '', name })?.labels;
  const list = async (): Promise<ClusterObject[]> =>
    (await runtime.stats()).flatMap((stats) => {
      const labels = labelsOf(stats.node);
      return labels ? [nodeMetrics(stats, labels)] : [];
    });
  return computedKind(
    'nodes',
    { kind: 'NodeMetrics', scope: 'Cluster', fields: { usage } },
    {
      list,
      async get(_namespace, name) {
        const [stats] = await runtime.stats(name);
        const labels = labelsOf(name);
        if (!stats || !labels) throw missing('nodemetrics', name);
        return nodeMetrics(stats, labels);
      },
      cells: metricsCells,
    },
  );
}

function podsKind({ storage, runtime }: MetricsDeps): KindInfo {
  const list = async (namespace: string | undefined): Promise<ClusterObject[]> =>
    (await runtime.stats()).flatMap((stats) =>
      stats.pods.flatMap((pod) => {
        if (namespace !== undefined && pod.pod.namespace !== namespace) return [];
        const { namespace: place, name, uid } = pod.pod;
        const known = storage.get({ resource: resourceKey('', 'pods'), namespace: place, name });
        return known?.uid === uid && pod.containers.length > 0 ? [podMetrics(pod, stats, known.labels)] : [];
      }),
    );
  return computedKind(
    'pods',
    { kind: 'PodMetrics', scope: 'Namespaced', fields: { containers } },
    {
      list,
      async get(namespace, name) {
        const found = (await list(namespace)).find(({ metadata }) => metadata.name === name);
        if (!found) throw missing('podmetrics', `${namespace}/${name}`);
        return found;
      },
      cells: metricsCells,
    },
  );
}

/** Served by this process itself: no service stands behind it, which makes it available for good. */
const apiService: ClusterObject = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: {
    name: `${version}.${group}`,
    annotations: { 'node.cluster.local/simulated': 'figures of simulated nodes are made up' },
  },
  spec: { group, version, groupPriorityMinimum: 100, versionPriority: 100 },
  status: {
    conditions: [
      {
        type: 'Available',
        status: 'True',
        reason: 'Local',
        message: 'Local APIServices are always available',
        lastTransitionTime: timestamp(Date.now()),
      },
    ],
  },
};

/** Lets whoever may view a namespace see what its pods use. */
const reader: ClusterObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {
    name: 'system:aggregated-metrics-reader',
    labels: Object.fromEntries(
      ['view', 'edit', 'admin'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']),
    ),
  },
  rules: [{ apiGroups: [group], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
};

async function ensure(client: ClusterClient, ref: ResourceRef, object: ClusterObject): Promise<void> {
  try {
    const made = await client.create(ref, object);
    if (object['status']) await client.update(ref, { ...made, status: object['status'] as object }, 'status'); // as it is above
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  }
}

/** Serves `metrics.k8s.io/v1beta1` from what the nodes tell about themselves. */
export async function serveMetrics(deps: MetricsDeps): Promise<void> {
  await ensure(deps.client, { group: 'apiregistration.k8s.io', resource: 'apiservices' }, apiService);
  await ensure(deps.client, { group: 'rbac.authorization.k8s.io', resource: 'clusterroles' }, reader);
  // Last: what is served without an APIService of its own gets an ordinary one.
  deps.kinds.setCustom(group, [nodesKind(deps), podsKind(deps)]);
}
