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

/** The streams that are open now. Each ends with its connection, with the caller's right, or with the server. */
export class OpenStreams {
  readonly #clock: Clock;
  readonly #open = new Set<(reason: ApiError) => void>();

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
    const stopChecking = keepChecking({
      clock: this.#clock,
      everyMs: recheckMs,
      admit,
      onRefused: (error) =>
        end(
          error instanceof ApiError
            ? error
            : new ApiError('Unauthorized', 'the right to this stream could not be checked', { cause: error }),
        ),
    });
    const onClose = (): void => {
      done();
      controller.abort(new ApiError('Timeout', 'the caller has gone'));
    };
    const done = (): void => {
      stopChecking();
      this.#open.delete(end);
      socket.off('close', onClose);
    };
    socket.once('close', onClose);
    this.#open.add(end);
    return { signal: controller.signal, done };
  }

  end(reason: ApiError): void {
    for (const end of [...this.#open]) end(reason);
  }
}
