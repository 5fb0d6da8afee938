import { isApiError } from '@kit/base';
import { QueueController } from '../../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../../reconcile/controller.ts';
import { hasCondition, signingRequests } from './signing-request.ts';
import type { SigningRequest } from './signing-request.ts';

const hourMs = 3_600_000;

/** When nobody needs the request any longer: a decided one soon, one that waits for somebody after a day. */
export function obsoleteFromMs(request: SigningRequest): number {
  const { status, metadata } = request;
  const createdMs = Date.parse(metadata.creationTimestamp ?? '');
  const decided = status?.conditions?.find(({ type }) => ['Approved', 'Denied', 'Failed'].includes(type));
  if (!decided) return createdMs + 24 * hourMs;
  const decidedMs = Date.parse(decided.lastUpdateTime ?? '') || createdMs;
  const isIssued =
    Boolean(status?.certificate) || !hasCondition(request, 'Approved') || hasCondition(request, 'Failed');
  return decidedMs + (isIssued ? hourMs : 24 * hourMs);
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
