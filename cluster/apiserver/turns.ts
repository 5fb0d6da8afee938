const turnMs = 5;

/**
 * Keeps what is much to do from holding up everybody else: so many milliseconds of it fit into one turn of the event
 * loop, and the rest goes on in the following ones, in the order in which it came.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  /** When the time of this turn is over; undefined before anybody has asked in it. */
  #untilMs: number | undefined;

  /** Undefined when there is time left in this turn; else it resolves when it is the caller's turn. */
  next(): Promise<void> | undefined {
    const untilMs = this.#untilMs ?? this.#begin();
    if (this.#waiting.length === 0 && performance.now() < untilMs) return undefined;
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #begin(): number {
    const untilMs = performance.now() + turnMs;
    this.#untilMs = untilMs;
    setImmediate(() => void this.#goOn());
    return untilMs;
  }

  async #goOn(): Promise<void> {
    this.#untilMs = undefined;
    if (this.#waiting.length === 0) return;
    const untilMs = this.#begin();
    while (performance.now() < untilMs) {
      const resume = this.#waiting.shift();
      if (!resume) return;
      resume();
      await Promise.resolve(); // it goes first
    }
  }
}
