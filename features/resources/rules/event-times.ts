import type { ClusterEvent } from './workload-types.ts';

/** When an event was last seen, whichever of the four time fields its reporter fills. */
export function lastSeen(event: ClusterEvent): string {
  return (
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.firstTimestamp ??
    event.metadata.creationTimestamp ??
    ''
  );
}

/** How often it was seen. */
export function timesSeen(event: ClusterEvent): number {
  return event.series?.count ?? event.count ?? 1;
}

/** Times come with and without fractions of a second, which text would sort wrongly. */
function momentOf(event: ClusterEvent): number {
  return Date.parse(lastSeen(event)) || 0;
}

function versionOf({ metadata }: ClusterEvent): number {
  return Number(metadata.resourceVersion ?? 0);
}

/** The newest first; of those of one second the one that was written last. */
export function newestFirst(events: readonly ClusterEvent[]): ClusterEvent[] {
  return [...events].sort((a, b) => momentOf(b) - momentOf(a) || versionOf(b) - versionOf(a));
}

/** The events about one object, newest first. */
export function eventsAbout(events: readonly ClusterEvent[], kind: string, name: string): ClusterEvent[] {
  return newestFirst(
    events.filter(({ involvedObject }) => involvedObject?.kind === kind && involvedObject.name === name),
  );
}
