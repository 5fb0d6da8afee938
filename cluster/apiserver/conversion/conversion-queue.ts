/** Runs what arrives in order: at once as long as nothing before it waits, else after that. */
export class ConversionQueue {
  #tail: Promise<void> | undefined;
  #length = 0;
  readonly #on: { error(error: unknown): void; idle?(): void };

  /** `idle` is called when nothing waits any longer. */
  constructor(on: { error(error: unknown): void; idle?(): void }) {
    this.#on = on;
  }

  get length(): number {
    return this.#length;
  }

  /** `value` may still be on its way; `use` gets it when all before it have been used. */
  add<T>(value: T | Promise<T>, use: (value: T) => void): void {
    if (!this.#tail && !(value instanceof Promise)) return use(value);
    this.#length++;
    const before = this.#tail ?? Promise.resolve();
    const tail = before
      .then(() => value)
      .then(use)
      .catch((error: unknown) => this.#on.error(error))
      .finally(() => {
        this.#length--;
        if (this.#tail !== tail) return;
        this.#tail = undefined;
        this.#on.idle?.();
      });
    this.#tail = tail;
    // A failure is told in its turn, not as one that nobody looks after.
    if (value instanceof Promise) value.catch(() => undefined);
  }
}
