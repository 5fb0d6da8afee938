import { useLiveItems, useLiveObject, useProject, type LiveObjectResult } from '@kit/ui';
import { podsOfDeployment, replicaSetsOf } from '../../rules/cause-of-failure.ts';
import { eventsAbout, newestFirst } from '../../rules/event-times.ts';
import { labelText } from '../../rules/label-text.ts';
import type { ClusterEvent, Deployment, Pod, ReplicaSet } from '../../rules/workload-types.ts';
import { kinds, kubeListPath, kubeObjectPath } from './kinds.ts';

export interface DeploymentFamily extends LiveObjectResult<Deployment> {
  readonly pods: readonly Pod[];
  readonly replicaSets: readonly ReplicaSet[];
  /** False until all of that was read once: that there is none of something can be said only then. */
  readonly isComplete: boolean;
  /** About the deployment, its replica sets and its pods, newest first. */
  readonly events: readonly ClusterEvent[];
}

/** A deployment with its replica sets, pods and events, all of it live. */
export function useDeployment(name: string): DeploymentFamily {
  const at = useProject();
  const own = useLiveObject<Deployment>({ path: kubeObjectPath(at, kinds.deployment, name) });
  const labelSelector = labelText(own.object?.spec?.selector?.matchLabels);
  const enabled = own.object !== undefined;
  const sets = useLiveItems<ReplicaSet>({ path: kubeListPath(at, kinds.replicaSet), labelSelector, enabled });
  const pods = useLiveItems<Pod>({ path: kubeListPath(at, kinds.pod), labelSelector, enabled });
  const events = useLiveItems<ClusterEvent>({ path: kubeListPath(at, kinds.event), enabled });
  const replicaSets = own.object ? replicaSetsOf(own.object, sets.items) : [];
  const ownPods = own.object ? podsOfDeployment(own.object, replicaSets, pods.items) : [];
  const about = [
    ...eventsAbout(events.items, 'Deployment', name),
    ...replicaSets.flatMap(({ metadata }) => eventsAbout(events.items, 'ReplicaSet', metadata.name)),
    ...ownPods.flatMap(({ metadata }) => eventsAbout(events.items, 'Pod', metadata.name)),
  ];
  const isComplete = enabled && ![sets, pods, events].some(({ isLoading }) => isLoading);
  return { ...own, isComplete, replicaSets, pods: byName(ownPods), events: newestFirst(about) };
}

function byName(pods: readonly Pod[]): Pod[] {
  return [...pods].sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
