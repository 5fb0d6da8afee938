import { isApiError } from '@kit/base';
import type { ClusterObject } from '../client.ts';
import type { Controller, ControllerContext } from '../reconcile/controller.ts';
import { refs } from '../reconcile/resource-refs.ts';

const lifetimeMs = 60 * 60_000;
const roundMs = 60_000;

/** Deletes Events one hour after the last time they were seen. */
export function eventTtlController(context: ControllerContext): Controller {
  const { client, clock, log } = context;
  let cancel = (): void => undefined;
  let round = Promise.resolve();
  let stopped = false;
  const removeExpired = async (): Promise<void> => {
    const { items } = await client.list(refs.events);
    for (const event of items.filter((one) => lastSeenMs(one) + lifetimeMs <= clock.now())) {
      if (stopped) return;
      const { namespace, name, uid } = event.metadata;
      await client.delete(refs.events, namespace, name, { uid }).catch((error: unknown) => {
        if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
      });
    }
  };
  const next = (): void => {
    cancel = clock.after(roundMs, () => {
      round = removeExpired()
        .catch((error: unknown) => log.warn('expired events were not removed', { error }))
        .then(() => (stopped ? undefined : next()));
    });
  };
  return {
    name: 'event-ttl',
    start: next,
    stop: async () => {
      stopped = true;
      cancel();
      await round;
    },
  };
}

interface EventTimes {
  readonly series?: { readonly lastObservedTime?: string } | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** When the event was last seen, in whichever of its forms it says so. */
export function lastSeenMs(event: ClusterObject & EventTimes): number {
  const { series, lastTimestamp, eventTime } = event;
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, event.metadata.creationTimestamp];
  return Math.max(0, ...times.map((time) => Date.parse(time ?? '') || 0));
}
