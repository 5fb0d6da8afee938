/** What one component says about one object. */
export interface Utterance {
  /** The object, and the component that speaks. */
  readonly subject: string;
  readonly type: string;
  readonly reason: string;
  readonly fieldPath?: string;
  readonly message: string;
}

/** Under which Event something is written: the same key is the same Event, whose count is raised. */
export interface Correlation {
  readonly key: string;
  readonly message: string;
  readonly isCombined: boolean;
  /** False: it counts, but nothing is written for it. */
  readonly isWritten: boolean;
}

const remembered = 4096;
/** From the tenth different message of one reason on, all of them are one Event. */
const different = { most: 10, withinMs: 600_000 };
/** Writes about one object: so many at once, then one each five minutes. */
const writes = { most: 25, refillMs: 300_000 };

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Allowance {
  left: number;
  atMs: number;
}

/** Keeps a talkative component from flooding the store with Events, by the rules and numbers of Kubernetes' own clients. */
export class EventCorrelator {
  readonly #similar = new Map<string, Similar>();
  readonly #allowances = new Map<string, Allowance>();

  correlate(said: Utterance, nowMs: number): Correlation {
    const group = [said.subject, said.type, said.reason].join('\u0000');
    const isCombined = this.#isOneOfMany(group, said.message, nowMs);
    return {
      key: isCombined ? group : [group, said.fieldPath, said.message].join('\u0000'),
      message: isCombined ? `(combined from similar events): ${said.message}` : said.message,
      isCombined,
      isWritten: this.#mayWrite(said.subject, nowMs),
    };
  }

  #isOneOfMany(group: string, message: string, nowMs: number): boolean {
    let similar = this.#similar.get(group);
    if (!similar || nowMs - similar.lastMs > different.withinMs) similar = { messages: new Set(), lastMs: nowMs };
    keepNewest(this.#similar, group, similar);
    similar.lastMs = nowMs;
    similar.messages.add(message);
    if (similar.messages.size < different.most) return false;
    for (const oldest of similar.messages) {
      similar.messages.delete(oldest);
      break;
    }
    return true;
  }

  #mayWrite(subject: string, nowMs: number): boolean {
    const allowance = this.#allowances.get(subject) ?? { left: writes.most, atMs: nowMs };
    keepNewest(this.#allowances, subject, allowance);
    allowance.left = Math.min(writes.most, allowance.left + (nowMs - allowance.atMs) / writes.refillMs);
    allowance.atMs = nowMs;
    if (allowance.left < 1) return false;
    allowance.left -= 1;
    return true;
  }
}

/** Puts `value` last, and forgets the first when there are too many. */
export function keepNewest<T>(entries: Map<string, T>, key: string, value: T): void {
  entries.delete(key);
  entries.set(key, value);
  if (entries.size <= remembered) return;
  const oldest = entries.keys().next();
  if (!oldest.done) entries.delete(oldest.value);
}
