import { isApiError } from '@kit/base';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type BootstrapSecret, bootstrapToken } from './token-secret.ts';

/** Deletes the secrets of bootstrap tokens whose time is over. */
export function tokenCleanerController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const secrets = informers.of<BootstrapSecret>(refs.secrets);
  const expiryOf = (secret: BootstrapSecret): number | undefined => bootstrapToken(secret)?.expiresAtMs;
  const controller: QueueController = new QueueController(context, {
    name: 'token-cleaner',
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const secret = secrets.get(namespace, name);
      const atMs = secret && expiryOf(secret);
      if (atMs === undefined) return;
      const leftMs = atMs - clock.now();
      if (leftMs > 0) return controller.queue.addAfter(key, leftMs);
      await client.delete(refs.secrets, namespace, name, { uid: secret?.metadata.uid }).catch((error: unknown) => {
        if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
      });
    },
  });
  return controller.feed(secrets, (secret) => (expiryOf(secret) === undefined ? [] : [keyOf(secret)]));
}
