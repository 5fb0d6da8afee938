import type { Logger } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import { webhooksOf } from './webhook.ts';
import type { Webhook } from './webhook.ts';

/** The webhooks of all configurations of one kind, in the order in which they are called; follows every change at once. */
export class WebhookSource {
  readonly #byConfiguration = new Map<string, readonly Webhook[]>();
  #webhooks: readonly Webhook[] = [];

  constructor(storage: Storage, plural: string, log: Logger) {
    const resource = resourceKey('admissionregistration.k8s.io', plural);
    const set = (object: unknown, name: string): void => {
      try {
        this.#byConfiguration.set(name, webhooksOf(object as ClusterObject)); // what the storage holds of this kind
      } catch (error) {
        log.error('a webhook configuration cannot be read', { name, error });
      }
    };
    for (const version of storage.list(resource)) set(version.object(), version.key.name);
    this.#order();
    storage.watch(resource, storage.revision, ({ type, version }) => {
      if (type === 'DELETED') this.#byConfiguration.delete(version.key.name);
      else set(version.object(), version.key.name);
      this.#order();
    });
  }

  get webhooks(): readonly Webhook[] {
    return this.#webhooks;
  }

  #order(): void {
    const names = [...this.#byConfiguration.keys()].sort();
    this.#webhooks = names.flatMap((name) => this.#byConfiguration.get(name) ?? []);
  }
}
