import type { Facet, FacetValue, KubeObject } from '@kit/kube';
import type { SortKey } from '@kit/kube/listing';
import { podReason } from '../../contract/index.ts';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../contract/state.ts';

type Value = string | number;
type Column = (object: Fields) => Value;

const at =
  (parent: string, name: string): Column =>
  (object) =>
    numberOf(fieldsOf(object, parent), name);
const text =
  (parent: string, name: string): Column =>
  (object) =>
    textOf(fieldsOf(object, parent), name);
const statuses = (pod: Fields): readonly Fields[] => listOf(fieldsOf(pod, 'status'), 'containerStatuses');

/** What kubectl prints in a column of that name, as something to sort by. Names and ages every kind has. */
const columns: Readonly<Record<string, Readonly<Record<string, Column>>>> = {
  pods: {
    ready: (pod) => statuses(pod).filter(({ ready }) => ready === true).length,
    reason: podReason,
    restarts: (pod) => statuses(pod).reduce((sum, one) => sum + numberOf(one, 'restartCount'), 0),
    ip: text('status', 'podIP'),
    node: text('spec', 'nodeName'),
  },
  deployments: {
    ready: at('status', 'readyReplicas'),
    'up-to-date': at('status', 'updatedReplicas'),
    available: at('status', 'availableReplicas'),
    desired: at('spec', 'replicas'),
  },
  statefulsets: { ready: at('status', 'readyReplicas'), desired: at('spec', 'replicas') },
  daemonsets: {
    desired: at('status', 'desiredNumberScheduled'),
    current: at('status', 'currentNumberScheduled'),
    ready: at('status', 'numberReady'),
    'up-to-date': at('status', 'updatedNumberScheduled'),
    available: at('status', 'numberAvailable'),
  },
  replicasets: {
    desired: at('spec', 'replicas'),
    current: at('status', 'replicas'),
    ready: at('status', 'readyReplicas'),
  },
  jobs: { completions: at('status', 'succeeded'), desired: at('spec', 'completions') },
  cronjobs: {
    schedule: text('spec', 'schedule'),
    active: (job) => listOf(fieldsOf(job, 'status'), 'active').length,
    'last schedule': text('status', 'lastScheduleTime'),
  },
  services: { type: text('spec', 'type'), 'cluster-ip': text('spec', 'clusterIP') },
  ingresses: { class: text('spec', 'ingressClassName') },
  configmaps: { data: (map) => Object.keys(fieldsOf(map, 'data')).length },
  secrets: {
    type: (secret) => textOf(secret, 'type'),
    data: (secret) => Object.keys(fieldsOf(secret, 'data')).length,
  },
  nodes: { version: (node) => textOf(fieldsOf(fieldsOf(node, 'status'), 'nodeInfo'), 'kubeletVersion') },
  persistentvolumeclaims: { storageclass: text('spec', 'storageClassName'), volume: text('spec', 'volumeName') },
  persistentvolumes: { storageclass: text('spec', 'storageClassName') },
  horizontalpodautoscalers: { minpods: at('spec', 'minReplicas'), maxpods: at('spec', 'maxReplicas') },
  events: {
    reason: (event) => textOf(event, 'reason'),
    type: (event) => textOf(event, 'type'),
    count: (event) => numberOf(event, 'count'),
  },
};

/** Sort orders and the facets they rest on. */
export interface PrintedSorts {
  readonly sorts: Readonly<Record<string, SortKey>>;
  readonly facets: readonly Facet[];
}

/** The sort orders that some columns make; the facets are those to derive when objects arrive. */
export function sortsOf(table: Readonly<Record<string, (object: KubeObject) => Value>>): PrintedSorts {
  const facets: Facet<FacetValue & Value>[] = [];
  const sorts: Record<string, SortKey> = {};
  for (const [name, column] of Object.entries(table)) {
    const facet = { name, of: column };
    facets.push(facet);
    sorts[name] = (row) => row.value(facet);
  }
  return { sorts, facets };
}

/** The sort orders by what kubectl prints of a built-in kind; derived when first asked for. */
export function printedSorts(plural: string): PrintedSorts {
  const { sorts } = sortsOf(columns[plural] ?? {});
  return { sorts, facets: [] };
}
