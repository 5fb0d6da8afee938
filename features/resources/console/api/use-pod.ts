import { useLiveItems, useProject } from '@kit/ui';
import { eventsAbout } from '../../rules/event-times.ts';
import type { ClusterEvent } from '../../rules/workload-types.ts';
import { kinds, kubeListPath } from './kinds.ts';

/** The events about one pod, live, newest first. */
export function usePodEvents(name: string): readonly ClusterEvent[] {
  const at = useProject();
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name}`;
  const events = useLiveItems<ClusterEvent>({ path: kubeListPath(at, kinds.event), fieldSelector });
  return eventsAbout(events.items, 'Pod', name);
}
