import { isApiError } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import type { Condition } from '../reconcile/conditions.ts';
import { QueueController } from '../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../reconcile/controller.ts';
import { keyOf, splitKey } from '../reconcile/object-key.ts';
import { refs } from '../reconcile/resource-refs.ts';

interface Job extends ClusterObject {
  readonly spec: { readonly ttlSecondsAfterFinished?: number };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly completionTime?: string };
}

const ends = new Set(['Complete', 'Failed']);

/** When the job's time is over; `undefined` when it has none or still runs. */
export function expiryMs({ spec, status, metadata }: Job): number | undefined {
  const { ttlSecondsAfterFinished } = spec;
  if (ttlSecondsAfterFinished === undefined || metadata.deletionTimestamp) return undefined;
  const end = status?.conditions?.find(({ type, status: is }) => ends.has(type) && is === 'True');
  return end ? Date.parse(end.lastTransitionTime ?? '') + ttlSecondsAfterFinished * 1000 : undefined;
}

/** Deletes jobs, and what is theirs, some time after they have finished, where they say so. */
export function ttlAfterFinishedController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const jobs = informers.of<Job>(refs.jobs);
  const controller: QueueController = new QueueController(context, {
    name: 'ttl-after-finished',
    reconcile: async (key) => {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(namespace, name);
      const atMs = job && expiryMs(job);
      if (atMs === undefined) return;
      const leftMs = atMs - clock.now();
      if (leftMs > 0) return controller.queue.addAfter(key, leftMs);
      const options = { uid: job?.metadata.uid, propagationPolicy: 'Foreground' };
      await client.delete(refs.jobs, namespace, name, options).catch((error: unknown) => {
        if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
      });
    },
  });
  return controller.feed(jobs, (job) => (expiryMs(job) === undefined ? [] : [keyOf(job)]));
}
