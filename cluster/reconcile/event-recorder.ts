import { randomInt } from 'node:crypto';
import { type Clock, isApiError, type Logger, timestamp } from '@kit/base';
import type { ClusterClient, ClusterObject } from '../client.ts';
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
  readonly name: string;
  readonly namespace: string;
  count: number;
  lastMs: number;
  writing: Promise<void>;
}

const remembered = 4096;
const sameWithinMs = 10 * 60_000;
const mostUnwritten = 5_000;

/**
 * Writes Events about objects, in the background. The same thing said again about the same object within ten minutes
 * raises the count of the first Event. Recording never fails its caller: an Event that cannot be written is dropped.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #occurrences = new Map<string, Occurrence>();
  readonly #unwritten = new Set<Promise<void>>();
  #lastNameNs = 0n;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(about: ClusterObject, draft: EventDraft): void {
    if (this.#unwritten.size >= mostUnwritten) return;
    const key = [about.metadata.uid, draft.type, draft.reason, draft.fieldPath, draft.message].join('\u0000');
    const nowMs = this.#options.clock.now();
    const known = this.#occurrences.get(key);
    if (known && nowMs - known.lastMs < sameWithinMs) {
      known.count++;
      known.lastMs = nowMs;
      this.#enqueue(known, () => this.#repeat(known, draft));
      return;
    }
    const event = this.#firstEvent(about, draft, nowMs);
    const { name, namespace = 'default' } = event.metadata;
    const occurrence = { name, namespace, count: 1, lastMs: nowMs, writing: Promise.resolve() };
    this.#remember(key, occurrence);
    this.#enqueue(occurrence, async () => {
      await this.#options.client.create(refs.events, event);
    });
  }

  /** Resolves when everything recorded so far is written or given up. */
  async flush(): Promise<void> {
    await Promise.all(this.#unwritten);
  }

  #remember(key: string, occurrence: Occurrence): void {
    this.#occurrences.delete(key);
    this.#occurrences.set(key, occurrence);
    const oldest = this.#occurrences.keys().next();
    if (this.#occurrences.size > remembered && !oldest.done) this.#occurrences.delete(oldest.value);
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

  async #repeat(known: Occurrence, draft: EventDraft): Promise<void> {
    const { count } = known;
    const body = draft.action
      ? { series: { count, lastObservedTime: microTime(known.lastMs) } }
      : { count, lastTimestamp: timestamp(known.lastMs) };
    await this.#options.client.patch(refs.events, known.namespace, known.name, { type: 'merge', body });
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
