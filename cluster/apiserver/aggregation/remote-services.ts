import type { ClusterObject } from '../../client.ts';
import { resourceKey } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import { isSameTarget, remoteServiceOf } from './remote-service.ts';
import type { RemoteService } from './remote-service.ts';

const apiServices = resourceKey('apiregistration.k8s.io', 'apiservices');

/** The APIServices that are served elsewhere, as they are stored. */
export class RemoteServices {
  readonly #byName = new Map<string, RemoteService>();
  readonly #byPath = new Map<string, RemoteService>();
  readonly #listeners = new Set<(remote: RemoteService) => void>();
  readonly #stop: () => void;
  /** Grows with every change of who is served from where, and whether it answers. */
  revision = 0;

  constructor(storage: Storage) {
    for (const version of storage.list(apiServices)) this.#set(version.key.name, version.object());
    this.#stop = storage.watch(apiServices, storage.revision, ({ type, version }) =>
      this.#set(version.key.name, type === 'DELETED' ? undefined : version.object()),
    );
  }

  stop(): void {
    this.#stop();
  }

  all(): readonly RemoteService[] {
    return [...this.#byName.values()];
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  /** The service that answers for `/apis/GROUP/VERSION` and all below it. */
  find(path: string): RemoteService | undefined {
    if (this.#byName.size === 0) return undefined;
    const [, root, group = '', version = ''] = path.split('/');
    return root === 'apis' ? this.#byPath.get(`${group}/${version}`) : undefined;
  }

  /** Called with each service that is new, or that is reached in another way from now on. */
  onTarget(listener: (remote: RemoteService) => void): void {
    this.#listeners.add(listener);
    for (const remote of this.all()) listener(remote);
  }

  #set(name: string, object: unknown): void {
    const before = this.#byName.get(name);
    const remote = object === undefined ? undefined : remoteServiceOf(object as ClusterObject); // what the storage holds of this kind
    if (!before && !remote) return;
    this.revision++;
    if (before) this.#byPath.delete(`${before.group}/${before.version}`);
    if (!remote) return void this.#byName.delete(name);
    this.#byName.set(name, remote);
    this.#byPath.set(`${remote.group}/${remote.version}`, remote);
    if (isSameTarget(before, remote)) return;
    for (const listener of this.#listeners) listener(remote);
  }
}
