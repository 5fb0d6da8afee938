import { api, isRequestError } from '@kit/ui';
import { LogSplitter } from '../../rules/log-lines.ts';
import type { LogBuffer } from './log-buffer.ts';

export type LogState = 'loading' | 'notStarted' | 'following' | 'ended' | 'broken' | { readonly error: unknown };

interface FollowOptions {
  /** `…/pods/web-1/log` */
  readonly path: string;
  readonly container: string;
  readonly previous: boolean;
  /** How many lines of the past to begin with. */
  readonly tailLines: number;
  readonly buffer: LogBuffer;
  readonly onState: (state: LogState) => void;
  readonly signal: AbortSignal;
}

const retryMs = 2000;

function isRefused(error: unknown): boolean {
  return isRequestError(error) && error.status >= 400 && error.status < 500;
}

/** The kubelet says so with a plain 400, which passes as soon as the container runs. */
function isNotStarted(error: unknown): boolean {
  return (
    isRequestError(error) &&
    error.status === 400 &&
    /waiting to start|is initializing|not available/.test(error.message)
  );
}

async function pump(response: Response, splitter: LogSplitter, buffer: LogBuffer): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return;
    buffer.append(splitter.push(piece.value));
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, retryMs);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

/** Fills the buffer from a container's log until the signal aborts; takes a stream that broke up where it was. */
export async function followLog(options: FollowOptions): Promise<void> {
  const { path, container, previous, tailLines, buffer, onState, signal } = options;
  const splitter = new LogSplitter();
  const first = { container, previous: previous || undefined, follow: previous ? undefined : true, timestamps: true };
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const from = splitter.lastTime === '' ? { tailLines } : { sinceTime: splitter.lastTime };
    try {
      if (attempt > 0) splitter.resume();
      const response = await api.stream(path, { query: { ...first, ...from }, signal });
      onState('following');
      await pump(response, splitter, buffer);
      buffer.append(splitter.end());
      return onState('ended');
    } catch (error) {
      if (signal.aborted) return;
      if (isRefused(error) && (previous || !isNotStarted(error))) return onState({ error });
      onState(isNotStarted(error) ? 'notStarted' : 'broken');
      await pause(signal);
    }
  }
}
