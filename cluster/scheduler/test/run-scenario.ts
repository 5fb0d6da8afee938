import { isApiError } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import type { Outcome, Scenario } from './scenario.ts';

/** What a scenario needs of a cluster. */
export type ScenarioClient = Pick<ClusterClient, 'create' | 'list' | 'delete' | 'patch'>;

const resourceOf: Readonly<Record<string, ResourceRef>> = {
  Node: { group: '', resource: 'nodes' },
  Pod: { group: '', resource: 'pods' },
  PersistentVolume: { group: '', resource: 'persistentvolumes' },
  PersistentVolumeClaim: { group: '', resource: 'persistentvolumeclaims' },
  PodDisruptionBudget: { group: 'policy', resource: 'poddisruptionbudgets' },
  StorageClass: { group: 'storage.k8s.io', resource: 'storageclasses' },
  PriorityClass: { group: 'scheduling.k8s.io', resource: 'priorityclasses' },
  ServiceAccount: { group: '', resource: 'serviceaccounts' },
  Namespace: { group: '', resource: 'namespaces' },
};

function refOf({ kind }: ClusterObject): ResourceRef {
  const ref = resourceOf[kind];
  if (!ref) throw new Error(`scenarios have no ${kind}`);
  return ref;
}

const clusterWide = new Set(['Node', 'PersistentVolume', 'StorageClass', 'PriorityClass', 'Namespace']);

/** Creates the object in the namespace of the scenario; leaves alone what is there. */
export async function ensure(client: ScenarioClient, object: ClusterObject, namespace = ''): Promise<void> {
  const metadata = clusterWide.has(object.kind) ? object.metadata : { ...object.metadata, namespace };
  try {
    await client.create(refOf(object), { ...object, metadata });
  } catch (error) {
    if (!isApiError(error, 'AlreadyExists')) throw error;
  }
}

/** Sets the scene; returns when everything is written, not when anything is decided. */
export async function play(client: ScenarioClient, scenario: Scenario, namespace: string): Promise<void> {
  await ensure(client, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await ensure(client, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, namespace);
  for (const node of scenario.nodes) {
    await ensure(client, node);
    // Taints that admission adds to a node nobody has reported ready are no part of the scenario.
    const body = { spec: { taints: (node.spec as { taints?: object[] }).taints ?? null } };
    await client.patch(refOf(node), undefined, node.metadata.name, { type: 'merge', body });
    const { status } = node as { status?: object };
    await client.patch(refOf(node), undefined, node.metadata.name, { type: 'merge', body: { status } }, 'status');
  }
  for (const object of scenario.there ?? []) await ensure(client, object, namespace);
  await allBound(client, namespace);
  for (const pod of scenario.pods) await ensure(client, pod, namespace);
}

// A claim that names its volume is bound by a controller, and only then is the scene set.
async function allBound(client: ScenarioClient, namespace: string): Promise<void> {
  const isOpen = ({ spec, status }: ClusterObject): boolean =>
    Boolean((spec as { volumeName?: string }).volumeName) && (status as { phase?: string }).phase !== 'Bound';
  for (let tries = 0; tries < 200; tries++) {
    const { items } = await client.list({ group: '', resource: 'persistentvolumeclaims' }, { namespace });
    const volumes = await client.list({ group: '', resource: 'persistentvolumes' });
    const isNew = volumes.items.some(({ status }) => (status as { phase?: string }).phase === 'Pending');
    if (!items.some(isOpen) && !isNew) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

interface PodState {
  spec: { nodeName?: string };
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

function stateOf(pod: (ClusterObject & PodState) | undefined, anyNode = false): string {
  if (!pod) return 'gone';
  if (pod.spec.nodeName) return anyNode ? 'on any node' : `on ${pod.spec.nodeName}`;
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return condition ? `${condition.reason ?? ''}: ${condition.message ?? ''}` : 'nothing said';
}

/** What has become of the scenario so far. */
export async function outcome(client: ScenarioClient, scenario: Scenario, namespace: string): Promise<Outcome> {
  const { items } = await client.list({ group: '', resource: 'pods' }, { namespace });
  const pods = new Map(items.map((pod) => [pod.metadata.name, pod as ClusterObject & PodState])); // pods they are
  const states = scenario.pods.map(({ metadata }) => stateOf(pods.get(metadata.name), scenario.anyNode));
  const before = (scenario.there ?? []).filter(({ kind }) => kind === 'Pod').map(({ metadata }) => metadata.name);
  return {
    pods: scenario.anyNode
      ? tally(states)
      : Object.fromEntries(scenario.pods.map(({ metadata }, index) => [metadata.name, states[index] ?? ''])),
    gone: before.filter((name) => !pods.has(name)),
  };
}

function tally(states: readonly string[]): Record<string, string> {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([state, count]) => [state, `${count} pods`]));
}

/** Removes everything of the scenario that the next one could see. */
export async function clear(client: ScenarioClient): Promise<void> {
  for (const kind of [
    'Pod',
    'PersistentVolumeClaim',
    'PodDisruptionBudget',
    'PersistentVolume',
    'StorageClass',
    'Node',
  ]) {
    const ref = resourceOf[kind] ?? { group: '', resource: '' };
    for (let tries = 0; tries < 200; tries++) {
      const { items } = await client.list(ref);
      if (items.length === 0) break;
      for (const { metadata } of items.filter((one) => tries === 0 || !one.metadata.deletionTimestamp))
        await client.delete(ref, metadata.namespace, metadata.name, { gracePeriodSeconds: 0 }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
