/** Something that is started once and stopped once. `stop` lets running work end; it never throws twice. */
export interface Part {
  readonly name: string;
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

/** Starts parts in the order they were added and stops them in reverse; one that fails to stop does not keep the others. */
export class Lifecycle implements Part {
  readonly name: string;
  #parts: Part[] = [];
  #started: Part[] = [];

  constructor(name = 'platform') {
    this.name = name;
  }

  add(...parts: Part[]): this {
    this.#parts.push(...parts);
    return this;
  }

  /** Starts `part` now and keeps it for `stop`: for parts that need what an earlier one made. */
  async adopt(part: Part): Promise<void> {
    await part.start?.();
    this.#started.push(part);
  }

  /** Starts everything; when one part fails, those already up are stopped and its error is thrown. */
  async start(): Promise<void> {
    for (const part of this.#parts) {
      try {
        await this.adopt(part);
      } catch (cause) {
        await this.stop().catch(() => undefined); // the first error is the one that tells
        throw cause;
      }
    }
  }

  /** Stops what was started. Throws one `AggregateError` of all that went wrong, after everything was tried. */
  async stop(): Promise<void> {
    const errors: unknown[] = [];
    for (const part of this.#started.reverse()) {
      try {
        await part.stop?.();
      } catch (cause) {
        errors.push(new Error(`${part.name} did not stop cleanly`, { cause }));
      }
    }
    this.#started = [];
    if (errors.length > 0)
      throw new AggregateError(errors, `${this.name}: ${errors.length} parts did not stop cleanly`);
  }
}
