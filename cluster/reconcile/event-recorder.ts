import { randomInt } from 'node:crypto';
import { type Clock, isApiError, type Logger, timestamp } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../client.ts';
import { EventCorrelator, keepNewest } from './event-correlator.ts';
import { refs } from './resource-refs.ts';

export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The part of the object it is about, e.g. `spec.containers{web}`. */
  readonly fieldPath?: string;
  /** What the component was doing; given, the event is written in the newer form with `eventTime` and a series. */
  readonly action?: string;
}

export interface EventRecorderOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly component: string;
  /** The node that speaks, for node agents. */
  readonly host?: string;
}

interface Occurrence {
  /** The Event as it was first written. */
  readonly event: ClusterObject;
  count: number;
  lastMs: number;
  message: string;
  writing: Promise<void>;
}

const sameSeriesWithinMs = 10 * 60_000;
const mostUnwritten = 5_000;

/**
 * Writes Events about objects, in the background. The same thing said again about the same object raises the count of
 * the first Event; many different things said for one reason become one Event; a flood about one object is cut off.
 * Events of the newer form are only counted. Recording never fails its caller: an Event that cannot be written is
 * dropped.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator = new EventCorrelator();
  readonly #occurrences = new Map<string, Occurrence>();
  readonly #unwritten = new Set<Promise<void>>();
  #lastNameNs = 0n;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(about: ClusterObject, draft: EventDraft): void {
    if (this.#unwritten.size >= mostUnwritten) return;
    if (draft.action) this.#recordSeries(about, draft);
    else this.#recordCounted(about, draft);
  }

  #recordCounted(about: ClusterObject, draft: EventDraft): void {
    const nowMs = this.#options.clock.now();
    const subject = `${about.kind} ${about.metadata.uid ?? ''}`;
    const found = this.#correlator.correlate({ subject, ...draft }, nowMs);
    const known = this.#occurrences.get(found.key);
    const fresh = known ?? this.#occurrence(about, { ...draft, message: found.message }, nowMs);
    if (known) Object.assign(known, { count: known.count + 1, lastMs: nowMs, message: found.message });
    if (!known && found.isCombined) fresh.event['reportingComponent'] = '';
    keepNewest(this.#occurrences, found.key, fresh);
    if (found.isWritten) this.#enqueue(fresh, () => (known ? this.#repeat(known) : this.#create(fresh)));
  }

  #recordSeries(about: ClusterObject, draft: EventDraft): void {
    const key = [about.metadata.uid, draft.type, draft.reason, draft.fieldPath, draft.message].join('\u0000');
    const nowMs = this.#options.clock.now();
    const known = this.#occurrences.get(key);
    if (known && nowMs - known.lastMs < sameSeriesWithinMs) {
      Object.assign(known, { count: known.count + 1, lastMs: nowMs });
      this.#enqueue(known, () => this.#continue(known));
      return;
    }
    const fresh = this.#occurrence(about, draft, nowMs);
    keepNewest(this.#occurrences, key, fresh);
    this.#enqueue(fresh, () => this.#create(fresh));
  }

  #occurrence(about: ClusterObject, draft: EventDraft, nowMs: number): Occurrence {
    const event = this.#firstEvent(about, draft, nowMs);
    return { event, count: 1, lastMs: nowMs, message: draft.message, writing: Promise.resolve() };
  }

  /** Resolves when everything recorded so far is written or given up. */
  async flush(): Promise<void> {
    await Promise.all(this.#unwritten);
  }

  #enqueue(occurrence: Occurrence, write: () => Promise<void>): void {
    const writing = occurrence.writing.then(write).catch((error: unknown) => {
      // Namespaces that are going away take no new Events; the object itself is going too.
      const expected = isApiError(error, 'Forbidden') || isApiError(error, 'NotFound');
      if (!expected) this.#options.log.warn('an event was not written', { component: this.#options.component, error });
    });
    occurrence.writing = writing;
    this.#unwritten.add(writing);
    void writing.then(() => this.#unwritten.delete(writing));
  }

  async #create({ event, count }: Occurrence): Promise<void> {
    await this.#options.client.create(refs.events, { ...event, ...(!event['action'] && { count }) });
  }

  /** The Event may be gone by now; then it is written anew. */
  async #repeat(known: Occurrence): Promise<void> {
    const { count, lastMs, message, event } = known;
    const again = { count, lastTimestamp: timestamp(lastMs), message: message.slice(0, 1024) };
    try {
      await this.#patch(known, again);
    } catch (error) {
      if (!isApiError(error, 'NotFound')) throw error;
      await this.#create({ ...known, event: { ...event, ...again } });
    }
  }

  #continue(known: Occurrence): Promise<void> {
    return this.#patch(known, { series: { count: known.count, lastObservedTime: microTime(known.lastMs) } });
  }

  async #patch({ event }: Occurrence, body: object): Promise<void> {
    const { namespace, name } = event.metadata;
    await this.#options.client.patch(refs.events, namespace, name, { type: 'merge', body });
  }

  // Lists are in the order of names: what one component says in one millisecond stays in the order it was said.
  #nextName(objectName: string, nowMs: number): string {
    const fresh = BigInt(nowMs) * 1_000_000n + BigInt(randomInt(500_000));
    this.#lastNameNs = fresh / 1_000_000n > this.#lastNameNs / 1_000_000n ? fresh : this.#lastNameNs + 1n;
    return `${objectName.slice(0, 230)}.${this.#lastNameNs.toString(16)}`;
  }

  #firstEvent(about: ClusterObject, draft: EventDraft, nowMs: number): ClusterObject {
    const { component, host } = this.#options;
    const { name, namespace, uid, resourceVersion } = about.metadata;
    const { fieldPath } = draft;
    const involvedObject = {
      kind: about.kind,
      namespace,
      name,
      uid,
      apiVersion: about.apiVersion,
      resourceVersion,
      fieldPath,
    };
    const at = timestamp(nowMs);
    const when = draft.action
      ? { eventTime: microTime(nowMs), action: draft.action, source: {}, firstTimestamp: null, lastTimestamp: null }
      : {
          eventTime: null,
          source: { component, ...(host && { host }) },
          firstTimestamp: at,
          lastTimestamp: at,
          count: 1,
        };
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: this.#nextName(name, nowMs), namespace: namespace ?? 'default' },
      involvedObject: Object.fromEntries(Object.entries(involvedObject).filter(([, value]) => value !== undefined)),
      type: draft.type,
      reason: draft.reason,
      message: draft.message.slice(0, 1024),
      reportingComponent: component,
      reportingInstance: host ?? (draft.action ? `${component}-embedded` : ''),
      ...when,
    };
  }
}

/** The time as Kubernetes' MicroTime. */
export function microTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 23)}000Z`;
}
