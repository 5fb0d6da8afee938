import { isApiError, timestamp } from '@kit/base';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyFrom, keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf, controllerReference } from '../../reconcile/owners.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { indexForClaims, ownedBy } from '../claim.ts';
import { endOf, type Job } from '../job/job.ts';
import { messageOf } from '../slow-start.ts';
import { cronSchedule, type CronSchedule } from './cron-schedule.ts';
import type { ActiveJob, CronJob, CronJobStatus } from './cronjob.ts';
import { dueRun, manyMissed } from './due-run.ts';
import { zonedTimeReader, zonedTimestamp } from './zoned-time.ts';

const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Starts the jobs of each CronJob when they are due, and clears away those that have ended. */
export function cronJobController(context: ControllerContext): Controller {
  return new CronJobs(context).controller;
}

/** A CronJob in the hands of one reconciliation; `status` is what will be written. */
interface Turn {
  readonly cronJob: CronJob;
  readonly jobs: readonly Job[];
  status: CronJobStatus;
}

class CronJobs {
  readonly controller: QueueController;
  readonly #context: ControllerContext;
  readonly #cronJobs: Informer<CronJob>;
  readonly #jobs: Informer<Job>;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#events = context.recorder('cronjob-controller');
    this.#cronJobs = context.informers.of<CronJob>(refs.cronJobs);
    this.#jobs = indexForClaims(context.informers.of<Job>(refs.jobs));
    this.controller = new QueueController(context, { name: 'cronjob', reconcile: (key) => this.#reconcile(key) });
    this.controller.feed(this.#cronJobs, (cronJob) => [keyOf(cronJob)]);
    this.controller.feed(this.#jobs, (job) => {
      const owner = controllerOf(job);
      return owner?.kind === 'CronJob' ? [keyFrom(job.metadata.namespace, owner.name)] : [];
    });
  }

  async #reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const cronJob = this.#cronJobs.get(namespace, name);
    if (!cronJob) return;
    const turn: Turn = { cronJob, jobs: ownedBy(this.#jobs, cronJob.metadata.uid), status: { ...cronJob.status } };
    this.#lookAtJobs(turn);
    try {
      if (!cronJob.metadata.deletionTimestamp) {
        await this.#start(turn);
        await this.#clearHistory(turn);
      }
    } finally {
      await this.#writeStatus(turn);
    }
  }

  #warn(cronJob: CronJob, reason: string, message: string): void {
    this.#events.record(cronJob, { type: 'Warning', reason, message });
  }

  #tell(cronJob: CronJob, reason: string, message: string): void {
    this.#events.record(cronJob, { type: 'Normal', reason, message });
  }

  /** Takes ended and vanished jobs off the list of active ones, and remembers the last success. */
  #lookAtJobs(turn: Turn): void {
    const { cronJob, jobs } = turn;
    const active = new Map((turn.status.active ?? []).map((one) => [one.uid, one]));
    for (const job of jobs) {
      const { name, uid } = job.metadata;
      const end = endOf(job);
      if (!end && !active.has(uid)) {
        this.#warn(cronJob, 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
      }
      if (end && active.delete(uid)) {
        this.#tell(cronJob, 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end}`);
      }
    }
    for (const [uid, { name }] of active) {
      if (jobs.some((job) => job.metadata.uid === uid)) continue;
      this.#tell(cronJob, 'MissingJob', `Active job went missing: ${name}`);
      active.delete(uid);
    }
    const lastSuccessfulTime = lastSuccess(turn);
    turn.status = {
      ...turn.status,
      active: [...active.values()],
      ...(lastSuccessfulTime && { lastSuccessfulTime }),
    };
  }

  #scheduleOf(cronJob: CronJob): CronSchedule | undefined {
    const { schedule, timeZone } = cronJob.spec;
    if (timeZone !== undefined && !zonedTimeReader(timeZone)) {
      this.#warn(
        cronJob,
        'UnknownTimeZone',
        `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`,
      );
      return undefined;
    }
    if (cronJob.spec.suspend) return undefined;
    try {
      return cronSchedule(schedule, timeZone);
    } catch (error) {
      this.#warn(
        cronJob,
        'UnparseableSchedule',
        `unparseable schedule: ${JSON.stringify(schedule)} : ${messageOf(error)}`,
      );
      return undefined;
    }
  }

  async #start(turn: Turn): Promise<void> {
    const { cronJob } = turn;
    const schedule = this.#scheduleOf(cronJob);
    if (!schedule) return;
    const nowMs = this.#context.clock.now();
    const dueMs = this.#due(cronJob, schedule, nowMs);
    if (dueMs === undefined || !this.#mayStart(turn, dueMs, nowMs)) return;
    if (cronJob.spec.concurrencyPolicy === 'Replace') await this.#removeActive(turn);
    await this.#create(turn, dueMs);
  }

  #due(cronJob: CronJob, schedule: CronSchedule, nowMs: number): number | undefined {
    try {
      const { dueMs, missed, wakeMs } = dueRun(cronJob, schedule, nowMs);
      if (wakeMs !== undefined) this.controller.queue.addAfter(keyOf(cronJob), wakeMs - nowMs);
      if (missed > manyMissed) {
        const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
        this.#warn(cronJob, 'TooManyMissedTimes', `too many missed start times. ${advice}`);
      }
      return dueMs;
    } catch (error) {
      this.#warn(cronJob, 'InvalidSchedule', `invalid schedule: ${cronJob.spec.schedule} : ${messageOf(error)}`);
      return undefined;
    }
  }

  #mayStart({ cronJob, status }: Turn, dueMs: number, nowMs: number): boolean {
    const { startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec;
    const active = status.active ?? [];
    if (startingDeadlineSeconds !== undefined && dueMs + startingDeadlineSeconds * 1000 < nowMs) {
      const at = new Date(dueMs).toUTCString().replace('GMT', '+0000');
      this.#warn(cronJob, 'MissSchedule', `Missed scheduled time to start a job: ${at}`);
      return false;
    }
    const isStarted = active.some(({ name }) => name === jobName(cronJob, dueMs));
    if (isStarted || status.lastScheduleTime === timestamp(dueMs)) return false;
    if (concurrencyPolicy !== 'Forbid' || active.length === 0) return true;
    const reason = 'prior execution is running and concurrency policy is Forbid';
    this.#tell(cronJob, 'JobAlreadyActive', `Not starting job because ${reason}`);
    return false;
  }

  async #removeActive(turn: Turn): Promise<void> {
    for (const { name, uid } of turn.status.active ?? []) await this.#delete(turn, { name, uid });
  }

  async #delete(turn: Turn, { name, uid }: { name: string; uid?: string }): Promise<void> {
    const { cronJob } = turn;
    try {
      await this.#context.client.delete(refs.jobs, cronJob.metadata.namespace, name, {
        uid,
        propagationPolicy: 'Background',
      });
    } catch (error) {
      if (isApiError(error, 'NotFound')) return;
      this.#warn(cronJob, 'FailedDelete', `Deleted job: ${messageOf(error)}`);
      throw error;
    }
    const job = this.#jobs.get(cronJob.metadata.namespace, name);
    if (job) this.#jobs.expectDeletion(job);
    turn.status = { ...turn.status, active: (turn.status.active ?? []).filter((one) => one.uid !== uid) };
    this.#tell(cronJob, 'SuccessfulDelete', `Deleted job ${name}`);
  }

  async #create(turn: Turn, dueMs: number): Promise<void> {
    const { cronJob } = turn;
    const job = await this.#createJob(cronJob, dueMs);
    if (!job || controllerOf(job)?.uid !== cronJob.metadata.uid) return;
    const { namespace, name, uid, resourceVersion } = job.metadata;
    const started: ActiveJob = { apiVersion: 'batch/v1', kind: 'Job', namespace, name, uid, resourceVersion };
    turn.status = {
      ...turn.status,
      active: [...(turn.status.active ?? []), started],
      lastScheduleTime: timestamp(dueMs),
    };
  }

  /** The name is the lock: a time is run once, whoever asks twice. */
  async #createJob(cronJob: CronJob, dueMs: number): Promise<Job | undefined> {
    const { client } = this.#context;
    const wanted = jobOf(cronJob, dueMs);
    try {
      const job = (await client.create(refs.jobs, wanted)) as Job; // the answer is the job that was sent
      this.#jobs.observe(job);
      this.#tell(cronJob, 'SuccessfulCreate', `Created job ${job.metadata.name}`);
      return job;
    } catch (error) {
      if (isApiError(error, 'AlreadyExists')) {
        return (await client.get(refs.jobs, wanted.metadata.namespace, wanted.metadata.name)) as Job; // asked for as such
      }
      this.#warn(cronJob, 'FailedCreate', `Error creating job: ${messageOf(error)}`);
      throw error;
    }
  }

  async #clearHistory(turn: Turn): Promise<void> {
    const { successfulJobsHistoryLimit: successes, failedJobsHistoryLimit: failures } = turn.cronJob.spec;
    for (const [end, limit] of [
      ['Complete', successes],
      ['Failed', failures],
    ] as const) {
      const ended = turn.jobs.filter((job) => endOf(job) === end && !job.metadata.deletionTimestamp).sort(byStart);
      const surplus = limit === undefined ? 0 : Math.max(0, ended.length - limit);
      for (const { metadata } of ended.slice(0, surplus)) await this.#delete(turn, metadata);
    }
  }

  async #writeStatus({ cronJob, status }: Turn): Promise<void> {
    const { active = [], ...times } = status;
    const next: CronJobStatus = { ...(active.length > 0 && { active }), ...times };
    if (canonical(next) === canonical(cronJob.status ?? {})) return;
    const changed = structuredClone({ ...cronJob, status: next });
    this.#cronJobs.observe(await this.#context.client.update(refs.cronJobs, changed, 'status'));
  }
}

function lastSuccess({ jobs, status }: Turn): string | undefined {
  const successes = jobs.filter((job) => endOf(job) === 'Complete');
  return [status.lastSuccessfulTime ?? '', ...successes.map((job) => job.status?.completionTime ?? '')].sort().at(-1);
}

/** Named after the minute it is due, so that it cannot be started twice. */
function jobName({ metadata }: CronJob, dueMs: number): string {
  return `${metadata.name}-${Math.floor(dueMs / 60_000)}`;
}

function jobOf(cronJob: CronJob, dueMs: number): Job {
  const { metadata, spec } = structuredClone(cronJob.spec.jobTemplate);
  const readUtc = zonedTimeReader('');
  const read = zonedTimeReader(cronJob.spec.timeZone ?? '') ?? readUtc;
  const due = read ? zonedTimestamp(dueMs, read) : timestamp(dueMs);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, dueMs),
      namespace: cronJob.metadata.namespace,
      labels: { ...metadata?.labels },
      annotations: { ...metadata?.annotations, [scheduledAt]: due },
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
}

/** Earliest start first; what has not started comes last, equals by name. */
function byStart(a: Job, b: Job): number {
  const start = ({ status }: Job): number => Date.parse(status?.startTime ?? '') || Infinity;
  const [startA, startB] = [start(a), start(b)];
  if (startA !== startB) return startA < startB ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
