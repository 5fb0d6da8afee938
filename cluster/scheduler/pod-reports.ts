import { type Clock, isApiError, timestamp } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import type { EventRecorder } from '../reconcile/event-recorder.ts';
import { type PodCondition, podCondition } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';
import type { SchedulablePod } from './placed-pod.ts';
import type { PodInfo } from './pod-info.ts';

export interface PodReportsOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

export interface Failure {
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  /** The node on which room is being made; '' takes back what was said before. */
  readonly nominatedNode?: string;
}

/** Says in events and in the status of pods what has become of placing them. */
export class PodReports {
  readonly #options: PodReportsOptions;

  constructor(options: PodReportsOptions) {
    this.#options = options;
  }

  scheduled({ pod, key }: PodInfo, node: string): void {
    const message = `Successfully assigned ${key} to ${node}`;
    this.#options.events.record(pod, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' });
  }

  async failed({ pod }: PodInfo, failure: Failure): Promise<void> {
    const { message } = failure;
    this.#options.events.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, action: 'Scheduling' });
    await this.#patchStatus(pod, this.#statusChange(pod, failure));
  }

  /** Another pod has taken the room that was made for this one. */
  async nominationLost({ pod }: PodInfo): Promise<void> {
    await this.#patchStatus(pod, { nominatedNodeName: null });
  }

  /** Marks the pod as one that goes for a more important one, and deletes it. */
  async evict(victim: PodInfo, preemptor: PodInfo, node: string): Promise<void> {
    const { client, events } = this.#options;
    const { namespace, name, uid } = victim.pod.metadata;
    const message = `${preemptor.pod.spec.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod`;
    const condition = this.#condition(victim.pod, {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message,
    });
    await this.#patchStatus(victim.pod, { conditions: [condition] });
    await client.delete(refs.pods, namespace, name, { uid }).catch(ignoreGone);
    events.record(victim.pod, {
      type: 'Normal',
      reason: 'Preempted',
      message: `Preempted by pod ${preemptor.uid} on node ${node}`,
      action: 'Preempting',
    });
  }

  #statusChange(pod: SchedulablePod, { reason, message, nominatedNode }: Failure): object | undefined {
    const known = podCondition(pod, 'PodScheduled');
    const isSameNode = nominatedNode === undefined || nominatedNode === (pod.status?.nominatedNodeName ?? '');
    if (isSameNode && known && says(known, { reason, message })) return undefined;
    const condition = this.#condition(pod, { type: 'PodScheduled', status: 'False', reason, message });
    return { conditions: [condition], ...(isSameNode ? {} : { nominatedNodeName: nominatedNode || null }) };
  }

  #condition(pod: SchedulablePod, next: { type: string; status: string; reason: string; message: string }): object {
    const known = podCondition(pod, next.type);
    const lastTransitionTime =
      known?.status === next.status ? known.lastTransitionTime : timestamp(this.#options.clock.now());
    return { ...next, observedGeneration: pod.metadata.generation, lastProbeTime: null, lastTransitionTime };
  }

  async #patchStatus({ metadata }: SchedulablePod, status: object | undefined): Promise<void> {
    if (!status) return;
    const { namespace, name, uid } = metadata;
    const body = { metadata: { uid }, status };
    await this.#options.client
      .patch(refs.pods, namespace, name, { type: 'strategic', body }, 'status')
      .catch(ignoreGone);
  }
}

function says(known: PodCondition, { reason, message }: Failure): boolean {
  return known.status === 'False' && known.message === message && known.reason === reason;
}

function ignoreGone(error: unknown): void {
  if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
}
