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

/** One attempt to read on; tells whether another one makes sense. */
async function readOn(options: FollowOptions, splitter: LogSplitter): Promise<'again' | 'over'> {
  const { path, container, previous, tailLines, buffer, onState, signal } = options;
  const kind = previous ? { previous } : { follow: true };
  const from = splitter.lastTime === '' ? { tailLines } : { sinceTime: splitter.lastTime };
  try {
    const response = await api.stream(path, { query: { container, timestamps: true, ...kind, ...from }, signal });
    onState('following');
    await pump(response, splitter, buffer);
    buffer.append(splitter.end());
    onState('ended');
    return 'over';
  } catch (error) {
    if (signal.aborted) return 'over';
    const mayStart = !previous && isNotStarted(error);
    const isFinal = isRefused(error) && !mayStart;
    onState(isFinal ? { error } : mayStart ? 'notStarted' : 'broken');
    return isFinal ? 'over' : 'again';
  }
}

/** Fills the buffer from a container's log until the signal aborts; takes a stream that broke up where it was. */
export async function followLog(options: FollowOptions): Promise<void> {
  const splitter = new LogSplitter();
  while (!options.signal.aborted && (await readOn(options, splitter)) === 'again') {
    await pause(options.signal);
    splitter.resume();
  }
}
