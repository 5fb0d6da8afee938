import { cause, type Cause } from './cause.ts';
import { causeOfContainer, rootOfAnswer } from './container-cause.ts';
import { eventsAbout } from './event-times.ts';
import type { ClusterEvent, Container, ContainerStatus, Pod } from './workload-types.ts';

function condition(pod: Pod, type: string) {
  return pod.status?.conditions?.find((each) => each.type === type);
}

function schedulingCause(pod: Pod): Cause | undefined {
  const { name } = pod.metadata;
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.reason !== 'Unschedulable' || scheduled.status !== 'False') return undefined;
  const answer = scheduled.message ?? '';
  const claim = /persistentvolumeclaim "([^"]+)" not found/.exec(answer)?.[1];
  return claim
    ? cause('claimMissing', { params: { claim }, answer, pod: name })
    : cause('unschedulable', { answer, pod: name });
}

function waitingForNode(pod: Pod): Cause | undefined {
  const isWaiting = !pod.spec?.nodeName && pod.status?.phase === 'Pending';
  return isWaiting ? cause('waitingForNode', { pod: pod.metadata.name, passing: true }) : undefined;
}

function wholePodCause(pod: Pod): Cause | undefined {
  const { phase, reason, message } = pod.status ?? {};
  const base = { pod: pod.metadata.name, ...(message ? { answer: message } : {}) };
  if (phase === 'Failed' && reason === 'Evicted') return cause('evicted', base);
  if (reason === 'NodeLost' || condition(pod, 'Ready')?.reason === 'NodeStatusUnknown')
    return cause('nodeLost', { ...base, params: { node: pod.spec?.nodeName ?? '' } });
  return undefined;
}

function mountCause(pod: Pod, events: readonly ClusterEvent[]): Cause | undefined {
  if (pod.status?.phase !== 'Pending') return undefined;
  const failed = events.find(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume');
  if (!failed) return undefined;
  const volume = /volume "([^"]+)"/.exec(failed.message ?? '')?.[1] ?? '';
  const answer = (failed.message ?? '').replace(/^MountVolume\.\w+ failed for volume "[^"]*"\s*:\s*/, '');
  return cause('volumeMount', { params: { volume }, answer: rootOfAnswer(answer), pod: pod.metadata.name });
}

function firstContainerCause({ pod, events, nowMs }: PodFacts): Cause | undefined {
  const groups: readonly (readonly [
    readonly ContainerStatus[] | undefined,
    readonly Container[] | undefined,
    boolean,
  ])[] = [
    [pod.status?.initContainerStatuses, pod.spec?.initContainers, true],
    [pod.status?.containerStatuses, pod.spec?.containers, false],
  ];
  for (const [statuses = [], specs = [], init] of groups) {
    for (const status of statuses) {
      const found = causeOfContainer({
        pod,
        status,
        spec: specs.find(({ name }) => name === status.name),
        events,
        init,
        nowMs,
      });
      if (found) return found;
    }
  }
  return undefined;
}

/** The image being pulled right now, by the newest of the events that tell how far the kubelet is. */
function pulledImage(events: readonly ClusterEvent[]): string | undefined {
  const latest = events.find(({ reason = '' }) => ['Pulling', 'Pulled', 'Created'].includes(reason));
  return latest?.reason === 'Pulling' ? /image "([^"]+)"/.exec(latest.message ?? '')?.[1] : undefined;
}

/** What a pod on its way is doing now: pulling an image is worth naming, the rest is one word. */
function passingCause({ metadata, status }: Pod, events: readonly ClusterEvent[]): Cause | undefined {
  if (status?.phase !== 'Pending') return undefined;
  const isCreating = status.containerStatuses?.some(({ state }) => state?.waiting) ?? true;
  if (!isCreating) return undefined;
  const image = pulledImage(events);
  const facts = { pod: metadata.name, passing: true };
  return image === undefined ? cause('creating', facts) : cause('pulling', { ...facts, params: { image } });
}

/** A pod, the events that may be about it, and the time to tell recent from old by. */
export interface PodFacts {
  readonly pod: Pod;
  readonly events: readonly ClusterEvent[];
  readonly nowMs: number;
}

function notReady(pod: Pod): Cause | undefined {
  const ready = condition(pod, 'Ready');
  if (pod.status?.phase !== 'Running' || ready?.status !== 'False') return undefined;
  return cause('notReady', { pod: pod.metadata.name, passing: true });
}

/** Why this pod does not serve; nothing when it does, has done its work, or is being deleted. */
export function causeOfPod({ pod, events, nowMs }: PodFacts): Cause | undefined {
  if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Succeeded') return undefined;
  const { name, uid } = pod.metadata;
  const own = eventsAbout(events, 'Pod', name).filter(
    ({ involvedObject }) => !involvedObject?.uid || involvedObject.uid === uid,
  );
  return (
    wholePodCause(pod) ??
    schedulingCause(pod) ??
    waitingForNode(pod) ??
    firstContainerCause({ pod, events: own, nowMs }) ??
    mountCause(pod, own) ??
    passingCause(pod, own) ??
    notReady(pod)
  );
}
