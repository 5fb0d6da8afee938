import type { Duplex } from 'node:stream';
import { ApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { keepChecking } from './guard.ts';

export interface StreamOptions {
  readonly socket: Duplex;
  readonly recheckMs: number;
  /** Throws when the caller's credential or right is gone. */
  readonly admit: () => Promise<unknown>;
}

// Long enough for a polite goodbye (a close frame, a last chunk), short enough to be no right.
const goodbyeMs = 1000;

interface OpenStream {
  readonly admit: () => Promise<unknown>;
  readonly end: (reason: ApiError) => void;
}

// Many rights change at once, e.g. when a workspace goes: one look at the streams serves them all.
const gatherMs = 50;
// Looking takes at most a twentieth of the time, however many streams there are and however often rights change.
const restFactor = 20;
const longestRestMs = 2000;
const atATime = 50;

/** The streams that are open now. Each ends with its connection, with the caller's right, or with the server. */
export class OpenStreams {
  readonly #clock: Clock;
  readonly #open = new Set<OpenStream>();
  #isLooking = false;
  #mustLook = false;
  #restMs = gatherMs;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The signal of one stream; `done` must be called when its handler has ended. */
  add({ socket, recheckMs, admit }: StreamOptions): { readonly signal: AbortSignal; readonly done: () => void } {
    const controller = new AbortController();
    const end = (reason: ApiError): void => {
      done();
      controller.abort(reason);
      this.#clock.after(goodbyeMs, () => socket.destroy());
    };
    const stream: OpenStream = { admit, end };
    const stopChecking = keepChecking({
      clock: this.#clock,
      everyMs: recheckMs,
      admit,
      onRefused: (error) => end(refusalOf(error)),
    });
    const onClose = (): void => {
      done();
      controller.abort(new ApiError('Timeout', 'the caller has gone'));
    };
    const done = (): void => {
      stopChecking();
      this.#open.delete(stream);
      socket.off('close', onClose);
    };
    socket.once('close', onClose);
    this.#open.add(stream);
    return { signal: controller.signal, done };
  }

  end(reason: ApiError): void {
    for (const { end } of [...this.#open]) end(reason);
  }

  /** Rights have changed: asks for every stream, in a moment, whether it is still allowed. */
  lookSoon(): void {
    this.#mustLook = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.after(this.#restMs, () => {
      this.#mustLook = false;
      void this.#look().finally(() => {
        this.#isLooking = false;
        if (this.#mustLook) this.lookSoon();
      });
    });
  }

  async #look(): Promise<void> {
    const startMs = this.#clock.now();
    let asked = 0;
    for (const stream of [...this.#open]) {
      await stream.admit().catch((error: unknown) => {
        if (this.#open.has(stream)) stream.end(refusalOf(error));
      });
      asked += 1;
      if (asked % atATime === 0) await new Promise((resolve) => setImmediate(resolve)); // others want to be served too
    }
    const tookMs = this.#clock.now() - startMs;
    this.#restMs = Math.min(longestRestMs, Math.max(gatherMs, tookMs * restFactor));
  }
}

function refusalOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('Unauthorized', 'the right to this stream could not be checked', { cause: error });
}
