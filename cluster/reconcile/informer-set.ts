import type { Clock, Logger } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../client.ts';
import { Informer } from './informer.ts';
import { resourceName } from './resource-refs.ts';

/** One informer a resource, shared by everybody who asks for it, so that an object is in memory once. */
export class InformerSet {
  readonly #informers = new Map<string, Informer>();
  readonly #options: { client: ClusterClient; clock: Clock; log: Logger };

  constructor(options: { client: ClusterClient; clock: Clock; log: Logger }) {
    this.#options = options;
  }

  of<T extends ClusterObject = ClusterObject>(ref: ResourceRef): Informer<T> {
    const name = resourceName(ref);
    const known = this.#informers.get(name);
    if (known) return known as unknown as Informer<T>; // the resource decides the type, and it is the same resource
    const informer = new Informer<T>({ ...this.#options, ref });
    this.#informers.set(name, informer as unknown as Informer); // as above
    return informer;
  }

  has(ref: ResourceRef): boolean {
    return this.#informers.has(resourceName(ref));
  }

  /** Starts all that were asked for so far; resolves when every one has its first list. */
  async start(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.start()));
  }

  stop(): void {
    for (const informer of this.#informers.values()) informer.stop();
  }
}
