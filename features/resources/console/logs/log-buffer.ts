import type { LogLine } from '../../rules/log-lines.ts';

/** Older lines than these are dropped, so a log that is followed for a day fills no memory. */
export const mostLines = 100_000;

/** The lines of one log, told to whoever watches at most once a frame. */
export class LogBuffer {
  #lines: readonly LogLine[] = [];
  #waiting: LogLine[] = [];
  #dropped = 0;
  readonly #listeners = new Set<() => void>();
  readonly #schedule: (flush: () => void) => void;

  constructor(schedule: (flush: () => void) => void = (flush) => void setTimeout(flush, 50)) {
    this.#schedule = schedule;
  }

  /** The same array until something has changed. */
  readonly lines = (): readonly LogLine[] => this.#lines;

  /** How many lines were dropped from the start. */
  get dropped(): number {
    return this.#dropped;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  append(lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    const isFirst = this.#waiting.length === 0;
    for (const line of lines) this.#waiting.push(line);
    if (isFirst) this.#schedule(() => this.#flush());
  }

  clear(): void {
    this.#lines = [];
    this.#waiting = [];
    this.#dropped = 0;
    this.#tell();
  }

  #flush(): void {
    const all = [...this.#lines, ...this.#waiting];
    this.#waiting = [];
    const surplus = Math.max(0, all.length - mostLines);
    this.#dropped += surplus;
    this.#lines = surplus > 0 ? all.slice(surplus) : all;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
