import { isApiError, timestamp } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import type { KindRegistry } from '../store/kind-registry.ts';

export const apiServicesRef = { group: 'apiregistration.k8s.io', resource: 'apiservices' };

const managed = 'kube-aggregator.kubernetes.io/automanaged';
/** How near the front clients find a group, and a version in it; a group that is not here is a custom one. */
const priorities: Readonly<Record<string, readonly [group: number, versions?: Readonly<Record<string, number>>]>> = {
  '': [18_000, { v1: 1 }],
  apps: [17_800],
  'events.k8s.io': [17_750],
  'authentication.k8s.io': [17_700],
  'authorization.k8s.io': [17_600],
  autoscaling: [17_500, { v2: 30 }],
  batch: [17_400],
  'certificates.k8s.io': [17_300],
  'networking.k8s.io': [17_200],
  policy: [17_100],
  'rbac.authorization.k8s.io': [17_000],
  'storage.k8s.io': [16_800],
  'apiextensions.k8s.io': [16_700],
  'admissionregistration.k8s.io': [16_700],
  'scheduling.k8s.io': [16_600],
  'coordination.k8s.io': [16_500],
  'node.k8s.io': [16_300],
  'discovery.k8s.io': [16_200],
  'resource.k8s.io': [16_200, { v1: 21 }],
  'flowcontrol.apiserver.k8s.io': [16_100, { v1: 21 }],
};
const custom = { group: 1000, version: 100 };
const usualVersionPriority = 15;

interface LocalDeps {
  readonly kinds: KindRegistry;
  /** Acts as `system:masters`. */
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
}

function apiServiceFor(group: string, version: string): ClusterObject {
  const builtin = priorities[group];
  const [groupPriorityMinimum, versions = {}] = builtin ?? [custom.group];
  const versionPriority = builtin ? (versions[version] ?? usualVersionPriority) : custom.version;
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}`, labels: { [managed]: builtin ? 'onstart' : 'true' } },
    spec: { ...(group && { group }), version, groupPriorityMinimum, versionPriority },
  };
}

/** Lists what this server itself serves as APIServices, one for each group version, from now on and as they change. */
export class LocalApiServices {
  readonly #deps: LocalDeps;
  #known = new Set<string>();
  #running: Promise<void> = Promise.resolve();
  #unfollow: (() => void) | undefined;

  constructor(deps: LocalDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#unfollow = this.#deps.kinds.onChange(() => void this.#sync());
    await this.#sync();
  }

  async stop(): Promise<void> {
    this.#unfollow?.();
    await this.#running;
  }

  /** One round after the other, so that a group that comes and goes is gone in the end. */
  #sync(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#round())
      .catch((error: unknown) => {
        this.#deps.log.error('the API services could not be listed', { error });
      });
    return this.#running;
  }

  async #round(): Promise<void> {
    const wanted = new Map<string, ClusterObject>();
    for (const { group, versions } of this.#deps.kinds.groups()) {
      if (group === apiServicesRef.group) continue; // the group of the list itself is not in it
      for (const version of versions) wanted.set(`${version}.${group}`, apiServiceFor(group, version));
    }
    const missing = [...wanted.values()].filter(({ metadata }) => !this.#known.has(metadata.name));
    const gone = [...this.#known].filter((name) => !wanted.has(name));
    await Promise.all([...missing.map((service) => this.#ensure(service)), ...gone.map((name) => this.#remove(name))]);
    if (this.#known.size === 0) await this.#removeLeftOvers(wanted);
    this.#known = new Set(wanted.keys());
  }

  /** What somebody has put in our place stays: it may be served by another server. */
  async #ensure(service: ClusterObject): Promise<void> {
    const { client, clock } = this.#deps;
    try {
      await client.create(apiServicesRef, service);
    } catch (error) {
      if (isApiError(error, 'AlreadyExists')) return;
      throw error;
    }
    const condition = {
      type: 'Available',
      status: 'True',
      lastTransitionTime: timestamp(clock.now()),
      reason: 'Local',
      message: 'Local APIServices are always available',
    };
    const body = { status: { conditions: [condition] } };
    await client.patch(apiServicesRef, undefined, service.metadata.name, { type: 'merge', body }, 'status');
  }

  async #remove(name: string): Promise<void> {
    const { client } = this.#deps;
    try {
      const { metadata, spec } = await client.get(apiServicesRef, undefined, name);
      const { service } = (spec ?? {}) as { service?: unknown }; // the schema has checked it
      if (metadata.labels?.[managed] === 'true' && !service) await client.delete(apiServicesRef, undefined, name);
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }

  /** Custom groups that went away while the server was down. */
  async #removeLeftOvers(wanted: ReadonlyMap<string, ClusterObject>): Promise<void> {
    const { items } = await this.#deps.client.list(apiServicesRef, { labelSelector: `${managed}=true` });
    const left = items.filter(({ metadata }) => !wanted.has(metadata.name));
    await Promise.all(left.map(({ metadata }) => this.#remove(metadata.name)));
  }
}
