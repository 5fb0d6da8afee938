/** Growing pauses between attempts at one thing: doubled each time, spread by half so that many do not come at once. */
export class Backoff {
  #failures = 0;
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;

  constructor(firstMs: number, maxMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** How long to wait now; never more than `capMs` where one is given. */
  nextMs(capMs = this.#maxMs): number {
    const full = Math.min(this.#firstMs * 2 ** Math.min(this.#failures++, 30), this.#maxMs, capMs);
    return full * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
