import { expect, vi } from 'vitest';
import type { ClusterObject, ResourceRef } from '../../client.ts';
import { type Cluster, startCluster } from '../../start-cluster.ts';
import { splitKey } from '../../reconcile/object-key.ts';
import { refs } from '../../reconcile/resource-refs.ts';

/** `expect` of what `read` gives sooner or later, with time enough for a busy machine. */
export const eventually = <T>(read: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(read, { timeout: 15_000 });

/** A whole cluster for one test file, in memory, whose pods take no time. */
export class RunningCluster {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  static async start(nodes = 3): Promise<RunningCluster> {
    const running = new RunningCluster(await startCluster({ podDelayScale: 0, nodes, storage: true }));
    await vi.waitFor(async () => expect(await running.list(refs.nodes)).toHaveLength(nodes), { timeout: 10_000 });
    return running;
  }

  get client(): Cluster['client'] {
    return this.#cluster.client;
  }

  stop(): Promise<void> {
    return this.#cluster.stop();
  }

  async list(ref: ResourceRef, namespace?: string): Promise<ClusterObject[]> {
    return (await this.client.list(ref, { namespace })).items;
  }

  async find(ref: ResourceRef, namespace: string | undefined, name: string): Promise<ClusterObject | undefined> {
    return (await this.list(ref, namespace)).find(({ metadata }) => metadata.name === name);
  }

  /** A new namespace that takes pods: without its service account it would refuse them. */
  async namespace(name: string): Promise<string> {
    await this.client.create(refs.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await eventually(() => this.find(refs.serviceAccounts, name, 'default')).toBeDefined();
    return name;
  }

  configMap(namespace: string, name: string, owner?: ClusterObject): Promise<ClusterObject> {
    const { apiVersion = '', kind = '', metadata } = owner ?? {};
    const reference = {
      apiVersion,
      kind,
      name: metadata?.name ?? '',
      uid: metadata?.uid ?? '',
      blockOwnerDeletion: true,
    };
    return this.client.create(refs.configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, ...(owner && { ownerReferences: [reference] }) },
    });
  }

  deployment(namespace: string, name: string, spec: object = {}): Promise<ClusterObject> {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'web:1' }] } };
    return this.client.create(refs.deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: { replicas: 3, selector: { matchLabels: labels }, template, ...spec },
    });
  }

  setImage(namespace: string, name: string, image: string): Promise<ClusterObject> {
    const body = { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } };
    return this.client.patch(refs.deployments, namespace, name, { type: 'strategic', body });
  }

  /** Resolves when the deployment is rolled out as `kubectl rollout status` sees it. */
  async rolledOut(namespace: string, name: string): Promise<void> {
    const isDone = async (): Promise<boolean> => {
      const deployment = await this.client.get(refs.deployments, namespace, name);
      const { observedGeneration, updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = deployment.status ?? {};
      const wanted = deployment.spec.replicas;
      const settled = updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted;
      return settled && observedGeneration === deployment.metadata.generation;
    };
    await eventually(isDone).toBe(true);
  }

  /** The reason of a condition; `key` is `namespace/name`, or the name alone. */
  async condition(ref: ResourceRef, key: string, type: string): Promise<string | undefined> {
    const { namespace, name } = splitKey(key);
    const object = await this.client.get(ref, namespace, name);
    const { conditions = [] } = (object.status ?? {}) as { conditions?: { type: string; reason: string }[] }; // every kind's conditions have these
    return conditions.find((one) => one.type === type)?.reason;
  }
}
