import { isApiError } from '@kit/base';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { hasCondition, signingRequests } from './signing-request.ts';
import type { SigningRequest } from './signing-request.ts';

const hourMs = 3_600_000;

/** Certified, denied or failed: nothing more will come of it. */
function isSettled(request: SigningRequest): boolean {
  const isRefused = hasCondition(request, 'Denied') || hasCondition(request, 'Failed');
  return isRefused || Boolean(request.status?.certificate);
}

/** When nobody needs the request any longer: a decided one soon, one that waits for somebody after a day. */
export function obsoleteFromMs(request: SigningRequest): number {
  const createdMs = Date.parse(request.metadata.creationTimestamp ?? '');
  const decided = request.status?.conditions?.find(({ type }) => ['Approved', 'Denied', 'Failed'].includes(type));
  const decidedMs = Date.parse(decided?.lastUpdateTime ?? '') || createdMs;
  return decided && isSettled(request) ? decidedMs + hourMs : decidedMs + 24 * hourMs;
}

/** Removes requests that are settled, and those that nobody settles. */
export function certificateCleaningController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const requests = informers.of<SigningRequest>(signingRequests);
  const controller: QueueController = new QueueController(context, {
    name: 'csrcleaner',
    reconcile: async (name) => {
      const request = requests.get(undefined, name);
      if (!request) return;
      const leftMs = obsoleteFromMs(request) - clock.now();
      if (leftMs > 0) return controller.queue.addAfter(name, leftMs);
      await client.delete(signingRequests, undefined, name, { uid: request.metadata.uid }).catch((error: unknown) => {
        if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
      });
    },
  });
  return controller.feed(requests, ({ metadata }) => [metadata.name]);
}
