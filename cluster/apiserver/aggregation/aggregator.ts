import { isApiError, timestamp } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import type { KindRegistry } from '../store/kind-registry.ts';
import { checkAvailability } from './availability.ts';
import type { Availability } from './availability.ts';
import { frontProxyName } from './front-proxy-pki.ts';
import { apiServicesRef, LocalApiServices } from './local-api-services.ts';
import type { RemoteDeps } from './remote-connection.ts';
import { RemoteDocuments } from './remote-documents.ts';
import type { RemoteService } from './remote-service.ts';
import { RemoteServices } from './remote-services.ts';

export interface AggregatorDeps extends RemoteDeps {
  readonly kinds: KindRegistry;
  readonly clock: Clock;
  readonly log: Logger;
}

const checkEveryMs = 30_000;
/** A server that has just been registered is often about to start. */
const retryMs = 1_000;

interface StoredCondition extends Partial<Availability> {
  readonly type: string;
  readonly lastTransitionTime?: string;
}

/** The condition to write; `undefined` when it is there already. Its time is that of the last change of its status. */
function nextCondition(
  conditions: readonly StoredCondition[],
  { status, reason, message }: Availability,
  now: string,
): StoredCondition | undefined {
  const type = 'Available';
  const before = conditions.find((one) => one.type === type);
  const isSameStatus = before?.status === status;
  if (isSameStatus && before.reason === reason && before.message === message) return undefined;
  const lastTransitionTime = isSameStatus ? before.lastTransitionTime : now;
  return { type, status, ...(lastTransitionTime && { lastTransitionTime }), reason, message };
}

/** Other API servers behind this one: which there are, whether they answer, and what they serve. */
export class Aggregator {
  readonly deps: AggregatorDeps;
  readonly services: RemoteServices;
  readonly documents: RemoteDocuments;
  readonly #checks = new Map<string, () => void>();
  readonly #running = new Set<Promise<void>>();
  #local: LocalApiServices | undefined;
  #client: ClusterClient | undefined;
  #stopped = false;

  constructor(deps: AggregatorDeps) {
    this.deps = deps;
    this.services = new RemoteServices(deps.storage);
    this.documents = new RemoteDocuments(deps, this.services);
  }

  /** `client` acts as `system:masters`; `caPem` signs the users' certificates. */
  async start(client: ClusterClient, caPem: string): Promise<void> {
    this.#client = client;
    await this.#publishIdentity(client, caPem);
    const { kinds, clock, log } = this.deps;
    this.#local = new LocalApiServices({ kinds, client, clock, log });
    await this.#local.start();
    this.services.onTarget((remote) => this.#check(remote.name));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#checks.values()) cancel();
    this.services.stop();
    await this.#local?.stop();
    await Promise.all(this.#running);
  }

  /** What other API servers read to know whom they may believe. */
  async #publishIdentity(client: ClusterClient, caPem: string): Promise<void> {
    const list = (...names: string[]): string => JSON.stringify(names);
    const data = {
      'client-ca-file': caPem,
      'requestheader-client-ca-file': this.deps.frontProxy.caPem,
      'requestheader-allowed-names': list(frontProxyName),
      'requestheader-username-headers': list('X-Remote-User'),
      'requestheader-group-headers': list('X-Remote-Group'),
      'requestheader-extra-headers-prefix': list('X-Remote-Extra-'),
    };
    const name = 'extension-apiserver-authentication';
    const configMaps = { group: '', resource: 'configmaps' };
    const metadata = { name, namespace: 'kube-system' };
    try {
      await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    } catch (error) {
      if (!isApiError(error, 'AlreadyExists')) throw error;
      await client.patch(configMaps, metadata.namespace, name, { type: 'merge', body: { data } });
    }
  }

  /** Looks at a service now, and again from time to time. */
  #check(name: string): void {
    this.#checks.get(name)?.();
    const run = (): void => {
      const work = this.#round(name)
        .catch((error: unknown) => {
          this.deps.log.error('an API service could not be checked', { name, error });
          return retryMs;
        })
        .then((againMs) => {
          if (againMs !== undefined && !this.#stopped) this.#checks.set(name, this.deps.clock.after(againMs, run));
        });
      this.#running.add(work);
      void work.finally(() => this.#running.delete(work));
    };
    run();
  }

  /** Answers when to look again; `undefined` when the service is no longer there. */
  async #round(name: string): Promise<number | undefined> {
    const remote = this.services.all().find((one) => one.name === name);
    if (!remote || this.#stopped) return undefined;
    const availability = await checkAvailability(this.deps, remote);
    if (availability.status === 'True') await this.documents.refresh(remote);
    await this.#write(remote, availability);
    return availability.status === 'True' ? checkEveryMs : retryMs;
  }

  async #write(remote: RemoteService, availability: Availability): Promise<void> {
    const client = this.#client;
    if (!client || this.#stopped) return;
    try {
      const stored = await client.get(apiServicesRef, undefined, remote.name);
      const { conditions = [] } = (stored.status ?? {}) as { conditions?: StoredCondition[] }; // the schema has checked it
      const condition = nextCondition(conditions, availability, timestamp(this.deps.clock.now()));
      if (!condition) return;
      const others = conditions.filter(({ type }) => type !== condition.type);
      const body = { status: { conditions: [...others, condition] } };
      await client.patch(apiServicesRef, undefined, remote.name, { type: 'merge', body }, 'status');
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
    }
  }
}
