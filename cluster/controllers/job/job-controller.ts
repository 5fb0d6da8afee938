import { isApiError } from '@kit/base';
import { canonical } from '../../reconcile/canonical.ts';
import { findCondition } from '../../reconcile/conditions.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import { isActive, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { claim, indexForClaims, ownedBy } from '../claim.ts';
import { rankForDeletion } from '../replicaset/deletion-ranking.ts';
import { messageOf, slowStart } from '../slow-start.ts';
import { indexedPod, jobPod } from './job-pod-template.ts';
import { type JobProgress, jobProgress } from './job-progress.ts';
import { isJobFinished, isManagedElsewhere, type Job, type JobStatus, trackingFinalizer } from './job.ts';

/** Runs pods until enough of them have succeeded or too many have failed. */
export function jobController(context: ControllerContext): Controller {
  return new Jobs(context).controller;
}

const jobIndex = 'job';
const mostAtOnce = 500;

function jobKeysOf(pod: Pod): string[] {
  const owner = controllerOf(pod);
  return owner?.kind === 'Job' ? [keyFrom(pod.metadata.namespace, owner.name)] : [];
}

class Jobs {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #jobs: Informer<Job>;
  readonly #pods: Informer<Pod>;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('job-controller');
    this.#jobs = context.informers.of<Job>(refs.jobs);
    this.#pods = indexForClaims(context.informers.of<Pod>(refs.pods)).addIndex(jobIndex, jobKeysOf);
    this.controller = new QueueController(context, { name: 'job', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#jobs, (job) => [keyOf(job)]);
    this.controller.feed(this.#pods, jobKeysOf);
  }

  async #reconcile(key: string): Promise<void | 'again'> {
    const { namespace, name } = splitKey(key);
    const job = this.#jobs.get(namespace, name);
    if (!job || job.metadata.deletionTimestamp) return this.#release(this.#pods.byIndex(jobIndex, key));
    if (isManagedElsewhere(job)) return undefined;
    return isJobFinished(job) ? this.#release(ownedBy(this.#pods, job.metadata.uid)) : this.#run(job, key);
  }

  async #run(job: Job, key: string): Promise<void | 'again'> {
    const { client, clock } = this.#context;
    await claim({ client, ref: refs.pods, informer: this.#pods, owner: job, selector: job.spec.selector ?? {} });
    const pods = ownedBy(this.#pods, job.metadata.uid);
    const progress = jobProgress(job, pods, clock.now());
    const { status, wanted, wakeMs } = progress;
    await this.#writeStatus(job, status);
    if (wanted < 0) await this.#delete(job, rankForDeletion(pods.filter(isActive)).slice(0, -wanted));
    if (wakeMs !== undefined) this.controller.queue.addAfter(key, Math.max(0, wakeMs - clock.now()));
    const failed = wanted > 0 && (await this.#create(job, progress));
    await this.#release(progress.release);
    return failed ? 'again' : undefined;
  }

  /** True when a pod was refused. */
  async #create(job: Job, { wanted, indexes }: JobProgress): Promise<boolean> {
    const queue = [...indexes];
    const { failure } = await slowStart(Math.min(wanted, mostAtOnce), async () => {
      const next = queue.shift();
      await this.#createPod(job, next ? indexedPod(job, next) : jobPod(job));
    });
    return failure !== undefined;
  }

  async #createPod(job: Job, wanted: Pod): Promise<void> {
    try {
      const pod = await this.#context.client.create(refs.pods, wanted);
      this.#pods.observe(pod);
      const message = `Created pod: ${pod.metadata.name}`;
      this.#events.record(job, { type: 'Normal', reason: 'SuccessfulCreate', message });
    } catch (error) {
      const message = `Error creating: ${messageOf(error)}`;
      this.#events.record(job, { type: 'Warning', reason: 'FailedCreate', message });
      throw error;
    }
  }

  async #delete(job: Job, pods: readonly Pod[]): Promise<void> {
    for (const pod of pods) {
      const { namespace, name, uid } = pod.metadata;
      await this.#release([pod]);
      await this.#context.client.delete(refs.pods, namespace, name, { uid });
      this.#pods.expectDeletion(pod);
      this.#events.record(job, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
    }
  }

  /** Takes our finalizer off pods that are counted, or whose job is gone. */
  async #release(pods: readonly Pod[]): Promise<void> {
    for (const { metadata } of pods) {
      const finalizers = metadata.finalizers?.filter((one) => one !== trackingFinalizer) ?? [];
      if (finalizers.length === (metadata.finalizers?.length ?? 0)) continue;
      const { namespace, name, uid, resourceVersion } = metadata;
      const body = { metadata: { uid, resourceVersion, finalizers } };
      try {
        this.#pods.observe(await this.#context.client.patch(refs.pods, namespace, name, { type: 'merge', body }));
      } catch (error) {
        if (!isApiError(error, 'NotFound')) throw error;
      }
    }
  }

  async #writeStatus(job: Job, status: JobStatus): Promise<void> {
    if (canonical(status) === canonical(job.status ?? {})) return;
    const written = (await this.#context.client.update(
      refs.jobs,
      structuredClone({ ...job, status }),
      'status',
    )) as Job; // the answer is the job that was sent
    this.#jobs.observe(written);
    this.#tellEnd(job, written);
  }

  #tellSuspension(before: Job, after: Job): void {
    const suspended = (job: Job): string | undefined => findCondition(job.status?.conditions, 'Suspended')?.status;
    if (suspended(after) === suspended(before)) return;
    const reason = suspended(after) === 'True' ? 'Suspended' : 'Resumed';
    this.#events.record(after, { type: 'Normal', reason, message: `Job ${reason.toLowerCase()}` });
  }

  #tellEnd(before: Job, after: Job): void {
    this.#tellSuspension(before, after);
    if (isJobFinished(before) || !isJobFinished(after)) return;
    const failed = findCondition(after.status?.conditions, 'Failed');
    const { reason = 'Failed', message = '' } = failed ?? {};
    const completed = { type: 'Normal', reason: 'Completed', message: 'Job completed' } as const; // literal types
    this.#events.record(after, failed?.status === 'True' ? { type: 'Warning', reason, message } : completed);
  }
}
