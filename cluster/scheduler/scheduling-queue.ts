import type { Clock } from '@kit/base';
import type { ChangeKind } from './cluster-change.ts';
import type { PodInfo } from './pod-info.ts';

/** A pod that waits for a node. */
export interface Waiting {
  readonly info: PodInfo;
  /** When it came to the queue first. */
  readonly sinceMs: number;
  readonly attempts: number;
}

interface Parked {
  readonly waiting: Waiting;
  readonly helpedBy: ReadonlySet<ChangeKind>;
  readonly parkedMs: number;
}

const backOffMs = { first: 1_000, most: 10_000 };
/** However little has changed: what waits for so long is looked at again. */
const longestParkedMs = 5 * 60_000;

const wakeEveryMs = 100;

function backOff(attempts: number): number {
  return Math.min(backOffMs.most, backOffMs.first * 2 ** Math.min(attempts - 1, 10));
}

/** Negative when `a` goes first: by priority, then by how long it has been waiting. */
function inOrder(a: Waiting, b: Waiting): number {
  return b.info.priority - a.info.priority || a.sinceMs - b.sinceMs;
}

/**
 * Pods to be placed: ready ones in order of priority and age; failed ones that have to wait a little; and those that
 * nothing but a change in the cluster can help. When nothing else is to do, pods that only wait a little go too.
 */
export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #ready = new Heap(inOrder);
  readonly #backingOff = new Map<
    string,
    { readonly waiting: Waiting; readonly untilMs: number; readonly isStrict: boolean }
  >();
  readonly #parked = new Map<string, Parked>();
  readonly #known = new Map<string, Waiting>();
  #nextWakeMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(uid: string): boolean {
    return this.#known.has(uid);
  }

  get(uid: string): Waiting | undefined {
    return this.#known.get(uid);
  }

  add(info: PodInfo): void {
    const waiting = { info, sinceMs: this.#clock.now(), attempts: 0 };
    this.#known.set(info.uid, waiting);
    this.#ready.push(waiting);
  }

  /** The pod is another one than was known: its new state may fit. */
  update(info: PodInfo, isWorthATry: boolean): void {
    const known = this.#known.get(info.uid);
    if (!known) return this.add(info);
    const waiting = { ...known, info };
    this.#known.set(info.uid, waiting);
    const parked = this.#parked.get(info.uid);
    if (parked) this.#parked.set(info.uid, { ...parked, waiting });
    const backing = this.#backingOff.get(info.uid);
    if (backing) this.#backingOff.set(info.uid, { ...backing, waiting });
    if (parked && isWorthATry) this.#unpark(info.uid, waiting);
    if (!parked && !backing) this.#ready.push(waiting);
  }

  remove(uid: string): void {
    this.#known.delete(uid);
    this.#parked.delete(uid);
    this.#backingOff.delete(uid);
  }

  /** The next pod to place, counted as one more attempt; undefined when none is due. */
  next(): Waiting | undefined {
    this.#wakeUp();
    let next = this.#popReady();
    if (!next) {
      this.#hurryUp();
      next = this.#popReady();
    }
    if (!next) return undefined;
    const waiting = { ...next, attempts: next.attempts + 1 };
    this.#known.set(next.info.uid, waiting);
    return waiting;
  }

  /** No node takes the pod: it waits for one of these changes. */
  park(waiting: Waiting, helpedBy: ReadonlySet<ChangeKind>): void {
    if (this.has(waiting.info.uid))
      this.#parked.set(waiting.info.uid, { waiting, helpedBy, parkedMs: this.#clock.now() });
  }

  /** Something went wrong with the pod: it is tried again in a while. */
  retryLater(waiting: Waiting): void {
    const untilMs = this.#clock.now() + backOff(waiting.attempts);
    this.#known.set(waiting.info.uid, waiting);
    this.#backingOff.set(waiting.info.uid, { waiting, untilMs, isStrict: true });
  }

  /** Takes up the parked pods that one of the changes may help. */
  changed(kinds: ReadonlySet<ChangeKind>): void {
    if (kinds.size === 0) return;
    for (const [uid, { waiting, helpedBy }] of this.#parked) {
      for (const kind of kinds) {
        if (!helpedBy.has(kind)) continue;
        this.#unpark(uid, waiting);
        break;
      }
    }
  }

  /** When there may be something to do again without any change; undefined: never. */
  dueInMs(): number | undefined {
    const now = this.#clock.now();
    let due = this.#parked.size > 0 ? 30_000 : undefined;
    for (const { untilMs } of this.#backingOff.values())
      due = Math.min(due ?? Infinity, Math.max(wakeEveryMs, untilMs - now));
    return due;
  }

  #unpark(uid: string, waiting: Waiting): void {
    this.#parked.delete(uid);
    const untilMs = this.#clock.now() + backOff(waiting.attempts);
    this.#backingOff.set(uid, { waiting, untilMs, isStrict: false });
  }

  #wakeUp(): void {
    const now = this.#clock.now();
    if (now < this.#nextWakeMs) return;
    this.#nextWakeMs = now + wakeEveryMs;
    for (const [uid, { waiting, untilMs }] of this.#backingOff) {
      if (untilMs > now) continue;
      this.#backingOff.delete(uid);
      this.#ready.push(waiting);
    }
    for (const [uid, { waiting, parkedMs }] of this.#parked) {
      if (now - parkedMs < longestParkedMs) continue;
      this.#parked.delete(uid);
      this.#ready.push(waiting);
    }
  }

  // An older state of a pod, or one that is gone, may still be in the heap.
  #popReady(): Waiting | undefined {
    for (let top = this.#ready.pop(); top; top = this.#ready.pop()) {
      if (this.#known.get(top.info.uid) === top) return top;
    }
    return undefined;
  }

  // Nothing else is to do: what only waits a little need not.
  #hurryUp(): void {
    for (const [uid, { waiting, isStrict }] of this.#backingOff) {
      if (isStrict) continue;
      this.#backingOff.delete(uid);
      this.#ready.push(waiting);
    }
  }
}

/** A binary heap: `pop` gives the first by `order`. */
class Heap {
  readonly #items: Waiting[] = [];
  readonly #order: (a: Waiting, b: Waiting) => number;

  constructor(order: (a: Waiting, b: Waiting) => number) {
    this.#order = order;
  }

  push(item: Waiting): void {
    const items = this.#items;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  pop(): Waiting | undefined {
    const items = this.#items;
    const [top] = items;
    const last = items.pop();
    if (last && items.length > 0) {
      items[0] = last;
      this.#sink();
    }
    return top;
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let first = index;
      if (this.#isBefore(left, first)) first = left;
      if (this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#items[a], this.#items[b]];
    return one !== undefined && other !== undefined && this.#order(one, other) < 0;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#items[a], this.#items[b]];
    if (!one || !other) return;
    this.#items[a] = other;
    this.#items[b] = one;
  }
}
