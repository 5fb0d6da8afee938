import { createHash } from 'node:crypto';

const maxSeen = 4096;

/**
 * Remembers what signed texts were found to say, so that a signature is checked once and not with every request. Only
 * what never changes may be kept here: whether the text is still good is for the caller to ask each time.
 */
export class SeenSignatures<Payload> {
  /** By digest, so that no credential is kept; oldest first. */
  readonly #payloads = new Map<string, Payload>();

  get(text: string): Payload | undefined {
    return this.#payloads.get(digest(text));
  }

  add(text: string, payload: Payload): void {
    if (this.#payloads.size >= maxSeen) {
      const { value: oldest } = this.#payloads.keys().next();
      if (oldest !== undefined) this.#payloads.delete(oldest);
    }
    this.#payloads.set(digest(text), payload);
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
