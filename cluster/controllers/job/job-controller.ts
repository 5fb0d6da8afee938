import { isApiError } from '@kit/base';
import { canonical } from '../../reconcile/canonical.ts';
import { findCondition } from '../../reconcile/conditions.ts';
import { asController } from '../../reconcile/controller-account.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import { isActive, isFinished, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { claim, indexForClaims, ownedBy } from '../claim.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { rankForDeletion } from '../replicaset/deletion-ranking.ts';
import { messageOf, slowStart } from '../slow-start.ts';
import { expiryMs, jobProgress } from './job-progress.ts';
import { isJobFinished, type Job, type JobStatus, trackingFinalizer } from './job.ts';

/** Runs pods until enough of them have succeeded or too many have failed. */
export function jobController(context: ControllerContext): Controller {
  return new Jobs(context).controller;
}

const jobIndex = 'job';

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

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const job = this.#jobs.get(namespace, name);
    if (!job || job.metadata.deletionTimestamp) return this.#release(this.#pods.byIndex(jobIndex, key));
    if (isJobFinished(job)) return this.#expire(job);
    const { client } = this.#context;
    await claim({ client, ref: refs.pods, informer: this.#pods, owner: job, selector: job.spec.selector ?? {} });
    const pods = ownedBy(this.#pods, job.metadata.uid);
    const { status, wanted, wakeMs } = jobProgress(job, pods, this.#context.clock.now());
    await this.#writeStatus(job, status);
    await this.#release(pods.filter((pod) => isFinished(pod) || pod.metadata.deletionTimestamp !== undefined));
    if (wanted > 0) await this.#create(job, wanted);
    if (wanted < 0) await this.#delete(job, rankForDeletion(pods.filter(isActive)).slice(0, -wanted));
    if (wakeMs !== undefined) this.controller.queue.addAfter(key, Math.max(0, wakeMs - this.#context.clock.now()));
  }

  async #create(job: Job, count: number): Promise<void> {
    const template = podFromTemplate(job, job.spec.template);
    const finalizers = [...(template.metadata.finalizers ?? []), trackingFinalizer];
    const { failure } = await slowStart(count, async () => {
      const pod = await this.#context.client.create(refs.pods, {
        ...template,
        metadata: { ...template.metadata, finalizers },
      });
      this.#pods.observe(pod);
      this.#events.record(job, {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
      });
    });
    if (failure === undefined) return;
    const message = `Error creating: ${messageOf(failure)}`;
    this.#events.record(job, { type: 'Warning', reason: 'FailedCreate', message });
    this.controller.queue.addAfter(keyOf(job), 1_000);
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

  #tellEnd(before: Job, after: Job): void {
    if (isJobFinished(before) || !isJobFinished(after)) return;
    const failed = findCondition(after.status?.conditions, 'Failed');
    const { reason = 'Failed', message = '' } = failed ?? {};
    const completed = { type: 'Normal', reason: 'Completed', message: 'Job completed' } as const; // literal types
    this.#events.record(after, failed?.status === 'True' ? { type: 'Warning', reason, message } : completed);
  }

  async #expire(job: Job): Promise<void> {
    await this.#release(ownedBy(this.#pods, job.metadata.uid));
    const atMs = expiryMs(job);
    if (atMs === undefined) return;
    const { namespace, name, uid } = job.metadata;
    const leftMs = atMs - this.#context.clock.now();
    if (leftMs > 0) return this.controller.queue.addAfter(keyOf(job), leftMs);
    const client = asController(this.#context.client, 'ttl-after-finished-controller');
    await client.delete(refs.jobs, namespace, name, { uid, propagationPolicy: 'Foreground' });
  }
}
