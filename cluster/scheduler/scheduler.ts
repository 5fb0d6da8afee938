import { isApiError } from '@kit/base';
import { canonical } from '../reconcile/canonical.ts';
import { EventRecorder } from '../reconcile/event-recorder.ts';
import type { Change } from '../reconcile/informer.ts';
import { podCondition } from '../reconcile/pod.ts';
import type { ChangeKind } from './cluster-change.ts';
import { ClusterState } from './cluster-state.ts';
import { ClusterWatch } from './cluster-watch.ts';
import type { NodeState } from './node-state.ts';
import { Nominations } from './nominations.ts';
import { type Checks, PodPlacement, type Refusal } from './place-pod.ts';
import type { SchedulablePod } from './placed-pod.ts';
import { placementRules } from './placement-rules.ts';
import { PodBinder } from './pod-binder.ts';
import { podInfo, type PodInfo } from './pod-info.ts';
import { type Failure, PodReports } from './pod-reports.ts';
import { type Eviction, Preemption } from './preemption.ts';
import { preemptionMessage, refusalMessage } from './refusal-message.ts';
import { SchedulingQueue, type Waiting } from './scheduling-queue.ts';
import type { SchedulerOptions } from './start-scheduler.ts';
import { VolumeBinder } from './volumes/volume-binder.ts';

const schedulerName = 'default-scheduler';
/** Decisions that are being written down at the same time, at most. */
const mostBinding = 256;
/** How long decisions are made before others get a turn. */
const turnMs = 5;

/**
 * Places one pod after the other, in memory and without waiting: a decision counts at once, and is written down while
 * the next ones are made.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #state = new ClusterState();
  readonly #queue: SchedulingQueue;
  readonly #nominations = new Nominations();
  readonly #watch: ClusterWatch;
  readonly #placement: PodPlacement;
  readonly #preemption: Preemption;
  readonly #volumes: VolumeBinder;
  readonly #binder: PodBinder;
  readonly #events: EventRecorder;
  readonly #reports: PodReports;
  readonly #helpedBy: ReadonlyMap<string, readonly ChangeKind[]>;
  readonly #changes = new Set<ChangeKind>();
  readonly #writing = new Set<Promise<void>>();
  #binding = 0;
  #isRunning = false;
  #isDue = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { client, clock, log } = options;
    this.#queue = new SchedulingQueue(clock);
    this.#events = new EventRecorder({ client, clock, log, component: schedulerName });
    this.#reports = new PodReports({ client, clock, events: this.#events });
    this.#watch = new ClusterWatch({
      ...options,
      state: this.#state,
      onUnplaced: (change) => this.#seeUnplaced(change),
      onChange: (kinds) => this.#seeChanges(kinds),
    });
    const rules = placementRules(this.#watch.volumes, (info) => this.#watch.siblings.of(info));
    this.#helpedBy = new Map(rules.filters.map(({ name, helpedBy }) => [name, helpedBy]));
    this.#placement = new PodPlacement(rules, this.#state, this.#nominations.on);
    this.#preemption = new Preemption(this.#placement, () => this.#watch.budgets());
    this.#volumes = new VolumeBinder({ view: this.#watch.volumes, client, clock });
    this.#binder = new PodBinder(client, this.#volumes);
  }

  async start(): Promise<void> {
    await this.#watch.start();
    this.#isRunning = true;
    this.#runSoon();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancelTimer();
    this.#watch.stop();
    // Bindings that wait for a volume may wait for long; nobody waits for them here.
    if (this.#binding === 0) await Promise.all(this.#writing);
    await this.#events.flush();
  }

  #seeUnplaced({ before, after }: Change<SchedulablePod>): void {
    const uid = (after ?? before)?.metadata.uid ?? '';
    if (!after || !isOurs(after)) {
      this.#queue.remove(uid);
      this.#nominations.remove(uid);
      return;
    }
    if (this.#state.isPlaced(uid)) return;
    const info = podInfo(after);
    this.#nominations.set(info, after.status?.nominatedNodeName);
    const isNew = !before || !this.#queue.has(uid);
    if (isNew) this.#queue.add(info);
    else this.#queue.update(info, isAnother(before, after));
    this.#runSoon();
  }

  #seeChanges(kinds: readonly ChangeKind[]): void {
    for (const kind of kinds) this.#changes.add(kind);
    this.#runSoon();
  }

  #runSoon(): void {
    if (!this.#isRunning || this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#run();
    });
  }

  #run(): void {
    if (!this.#isRunning) return;
    this.#queue.changed(this.#changes);
    this.#changes.clear();
    const untilMs = performance.now() + turnMs;
    while (this.#binding < mostBinding) {
      const waiting = this.#queue.next();
      if (!waiting) return this.#sleep();
      this.#place(waiting);
      if (performance.now() > untilMs) return this.#runSoon();
    }
  }

  #sleep(): void {
    this.#cancelTimer();
    const dueMs = this.#queue.dueInMs();
    if (dueMs !== undefined) this.#cancelTimer = this.#options.clock.after(dueMs, () => this.#runSoon());
  }

  #place(waiting: Waiting): void {
    const { info } = waiting;
    try {
      const result = this.#placement.place(info);
      if ('node' in result) this.#assume(waiting, result.node);
      else this.#refuse(waiting, result.refusal, result.checks);
    } catch (error) {
      this.#options.log.error('placing a pod failed', { pod: info.key, error });
      this.#queue.retryLater(waiting);
    }
  }

  #assume(waiting: Waiting, node: NodeState): void {
    const { info } = waiting;
    this.#queue.remove(info.uid);
    this.#nominations.remove(info.uid);
    const plan = info.claims.length > 0 ? this.#volumes.promise(info, node) : undefined;
    this.#state.place(info, node.name);
    this.#changes.add('pod placed');
    this.#binding += 1;
    const bound = this.#binder.bind(info, node.name, plan).then(async (result) => {
      this.#binding -= 1;
      this.#runSoon();
      if (plan && !result.isBound) this.#volumes.takeBack(plan);
      if (result.isBound) return this.#reports.scheduled(info, node.name);
      if (this.#state.remove(info.uid)) this.#seeChanges(['pod removed']);
      if (!result.isOver) await this.#failedToBind(waiting, result.message);
    });
    this.#write(bound);
  }

  async #failedToBind(waiting: Waiting, message: string): Promise<void> {
    const { namespace, name, uid } = waiting.info.pod.metadata;
    const pod = this.#watch.pod(namespace, name);
    if (!pod || pod.metadata.uid !== uid || pod.spec.nodeName || !isOurs(pod)) return;
    this.#queue.retryLater({ ...waiting, info: podInfo(pod) });
    await this.#reports.failed(waiting.info, { reason: 'SchedulerError', message });
  }

  #refuse(waiting: Waiting, refusal: Refusal, checks: Checks | undefined): void {
    const { info } = waiting;
    const nodes = this.#state.nodes.length;
    const { failure, eviction } = this.#makeRoom(info, refusal, checks);
    const kinds = [...refusal.refusedBy].flatMap((filter) => this.#helpedBy.get(filter) ?? []);
    this.#queue.park(waiting, new Set<ChangeKind>(nodes === 0 ? ['node added'] : kinds));
    if (eviction) this.#write(this.#evict(info, eviction));
    this.#write(this.#reports.failed(info, failure));
  }

  #makeRoom(info: PodInfo, refusal: Refusal, checks: Checks | undefined): { failure: Failure; eviction?: Eviction } {
    const nodes = this.#state.nodes.length;
    const failed = (preemption: string | undefined, nominatedNode?: string): Failure => ({
      reason: 'Unschedulable',
      message: refusalMessage(refusal, nodes, preemption),
      ...(nominatedNode !== undefined && { nominatedNode }),
    });
    if (nodes === 0) return { failure: failed(undefined) };
    const nominated = this.#state.node(info.pod.status?.nominatedNodeName ?? '');
    const ineligible = this.#preemption.ineligible(info, nominated, refusal);
    if (ineligible) return { failure: failed(ineligible) };
    const outcome = this.#preemption.find(checks, refusal);
    if ('tried' in outcome) {
      this.#nominations.remove(info.uid);
      return { failure: failed(preemptionMessage(nodes, outcome.tried), '') };
    }
    return { failure: failed(undefined, outcome.eviction.node.name), eviction: outcome.eviction };
  }

  async #evict(info: PodInfo, { node, victims }: Eviction): Promise<void> {
    this.#nominations.set(info, node.name);
    const losing = this.#nominations.below(info.priority, node.name);
    for (const other of losing) this.#nominations.remove(other.uid);
    await Promise.all([
      ...victims.filter(({ isGoing }) => !isGoing).map((victim) => this.#reports.evict(victim, info, node.name)),
      ...losing.map((other) => this.#reports.nominationLost(other)),
    ]);
  }

  #write(work: Promise<void>): void {
    const written = work
      .catch((error: unknown) => {
        if (isApiError(error, 'NotFound') || isApiError(error, 'Conflict')) return;
        this.#options.log.warn('the scheduler could not write', { error });
      })
      .then(() => void this.#writing.delete(written));
    this.#writing.add(written);
  }
}

function isOurs({ metadata, spec }: SchedulablePod): boolean {
  if (metadata.deletionTimestamp || spec.schedulingGates?.length) return false;
  return (spec.schedulerName ?? schedulerName) === schedulerName;
}

/** Asks the pod for something else than before? What the scheduler itself writes into its status does not count. */
function isAnother(before: SchedulablePod, after: SchedulablePod): boolean {
  const asks = (pod: SchedulablePod): string =>
    canonical([pod.spec, pod.metadata.labels, podCondition(pod, 'PodResizePending')?.status]);
  return asks(before) !== asks(after);
}
