import { type Clock, isApiError, type Logger } from '@kit/base';
import type { ClusterClient, ClusterObject, ResourceRef } from '../../client.ts';
import { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Informer } from '../../reconcile/informer.ts';
import { keyOf } from '../../reconcile/object-key.ts';
import { WorkQueue } from '../../reconcile/work-queue.ts';
import { type Performing, performAction } from './perform-action.ts';
import type { Stage } from './stage.ts';
import type { StageSet } from './stage-set.ts';

export interface StagePlayerOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stages: StageSet;
  /** `v1/Pod` */
  readonly kind: string;
  readonly ref: ResourceRef;
  readonly objects: Informer;
  /** Only objects this says yes to are looked at. */
  readonly isOurs: (object: ClusterObject) => boolean;
  readonly resourceOf: Performing['resourceOf'];
  /** The random part of a delay; at least 0, below 1. */
  readonly random?: () => number;
}

/** A stage that is waiting for its time, or is being played. */
interface Turn {
  readonly stage: Stage;
  readonly object: ClusterObject;
  cancel: () => void;
  /** The step to go on with after a failure that passes. */
  step: number;
  failures: number;
  isPlaying: boolean;
  /** The object as it was last seen while the stage was played. */
  seen: ClusterObject | undefined;
}

const revisionOf = ({ metadata }: ClusterObject): number => Number(metadata.resourceVersion ?? 0);

const passing = ['ServiceUnavailable', 'Timeout', 'TooManyRequests'] as const;
const backOff = { firstMs: 1_000, mostMs: 32 * 60_000 };

/**
 * Takes the objects of one kind through the stages that fit them. From the first stage that fits, an object belongs to
 * the stages alone, until it is gone. An object that changes is looked at anew: the stage it waited for is forgotten.
 */
export class StagePlayer {
  readonly #options: StagePlayerOptions;
  readonly #queue: WorkQueue;
  readonly #events: EventRecorder;
  readonly #turns = new Map<string, Turn>();
  readonly #taken = new Set<string>();

  constructor(options: StagePlayerOptions) {
    this.#options = options;
    const { client, clock, log, objects, stages } = options;
    this.#events = new EventRecorder({ client, clock, log, component: 'stages' });
    this.#queue = new WorkQueue({ name: 'stages', clock, log, workers: 32, work: (key) => this.#play(key) });
    objects.onChange(({ before, after }) => {
      if (before && before.metadata.uid !== after?.metadata.uid) this.#forget(before);
      if (after) this.#consider(after);
    });
    stages.onChange(() => this.#considerAll());
    this.#considerAll();
  }

  async stop(): Promise<void> {
    for (const { cancel } of this.#turns.values()) cancel();
    this.#turns.clear();
    await this.#queue.stop();
    await this.#events.flush();
  }

  /** Whether this object is moved by stages and by nothing else. */
  claims(object: ClusterObject): boolean {
    const { uid = '' } = object.metadata;
    if (this.#taken.has(uid)) return true;
    const { stages, kind } = this.#options;
    if (!stages.fits(kind, object)) return false;
    this.#taken.add(uid);
    return true;
  }

  #considerAll(): void {
    for (const object of this.#options.objects.all()) this.#consider(object, true);
  }

  #forget(object: ClusterObject): void {
    this.#taken.delete(object.metadata.uid ?? '');
    this.#drop(keyOf(object));
  }

  #drop(key: string): void {
    this.#turns.get(key)?.cancel();
    this.#turns.delete(key);
  }

  #consider(object: ClusterObject, anyway = false): void {
    if (!this.#options.isOurs(object)) return;
    const key = keyOf(object);
    const waiting = this.#turns.get(key);
    // Its own changes are no reason to begin anew.
    if (waiting?.isPlaying) return void (waiting.seen = object);
    if (!anyway && waiting?.object.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#drop(key);
    this.#begin(key, object);
  }

  #begin(key: string, object: ClusterObject): void {
    const { stages, kind, clock, random = Math.random } = this.#options;
    const stage = this.#quietly(object, () => stages.choose(kind, object));
    if (!stage) return;
    this.#taken.add(object.metadata.uid ?? '');
    const [leastMs = 0, mostMs = leastMs] = this.#quietly(object, () => stage.timing.range(object, clock.now())) ?? [];
    const fresh = { cancel: () => undefined, step: 0, failures: 0, isPlaying: false, seen: undefined };
    const turn: Turn = { stage, object, ...fresh };
    this.#turns.set(key, turn);
    this.#schedule(key, turn, leastMs + random() * (mostMs - leastMs));
  }

  #schedule(key: string, turn: Turn, delayMs: number): void {
    if (delayMs <= 0) this.#queue.add(key);
    else turn.cancel = this.#options.clock.after(delayMs, () => this.#queue.add(key));
  }

  /** An expression may fail on one object: that one stays as it is, and says why. */
  #quietly<T>(object: ClusterObject, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#complain(object, 'a stage could not be chosen', error);
      return undefined;
    }
  }

  #complain(object: ClusterObject, what: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#options.log.warn('a stage failed', { object: keyOf(object), what, error });
    this.#events.record(object, { type: 'Warning', reason: 'StageFailed', message: `${what}: ${message}` });
  }

  async #play(key: string): Promise<void> {
    const turn = this.#turns.get(key);
    if (!turn) return;
    turn.isPlaying = true;
    const written = await this.#steps(key, turn);
    if (written === 'again' || this.#turns.get(key) !== turn) return;
    this.#turns.delete(key);
    const { stage, object, seen } = turn;
    const newest = revisionOf(written ?? object);
    if (written && stage.immediateNextStage && newest > revisionOf(object)) this.#consider(written);
    else if (seen && revisionOf(seen) >= newest) this.#consider(seen);
  }

  /** All steps that are left; answers the object as the last of them has left it. */
  async #steps(key: string, turn: Turn): Promise<ClusterObject | undefined | 'again'> {
    const { stage, object } = turn;
    let written: ClusterObject | undefined;
    try {
      for (; turn.step < stage.steps.length; turn.step++) written = (await this.#step(turn)) ?? written;
    } catch (error) {
      const isPassing = passing.some((reason) => isApiError(error, reason));
      if (isPassing && this.#turns.get(key) === turn) return this.#again(key, turn);
      if (!isApiError(error, 'NotFound')) this.#complain(object, `stage ${stage.name}`, error);
    }
    return written;
  }

  async #step({ stage, object, step }: Turn): Promise<ClusterObject | undefined> {
    const { client, ref, resourceOf } = this.#options;
    let written: ClusterObject | undefined;
    for (const action of stage.steps[step]?.(object) ?? [])
      written = (await performAction({ client, ref, resourceOf, events: this.#events, object }, action)) ?? written;
    return written;
  }

  #again(key: string, turn: Turn): 'again' {
    turn.isPlaying = false;
    this.#schedule(key, turn, Math.min(backOff.mostMs, backOff.firstMs * 2 ** turn.failures++));
    return 'again';
  }
}
