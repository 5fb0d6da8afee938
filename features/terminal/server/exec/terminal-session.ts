import { StringDecoder } from 'node:string_decoder';
import { ApiError, isApiError } from '@kit/base';
import type { RawConnection, RawContext } from '@kit/http';
import type { ClientFrame } from '../../contract/index.ts';
import { clientFrame } from '../../rules/client-frame.ts';
import { isMissing } from '../../rules/shells.ts';
import type { TerminalDeps } from '../ports.ts';
import { acceptBrowser, type BrowserSocket } from './browser-socket.ts';
import { bytesOf, startCommand, type Ending, type RemoteCommand } from './remote-command.ts';

/** Where a session's shell runs. */
export interface ShellPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What a session is made of. */
export interface SessionSpec {
  /** Command lines to try, the next when the container does not have the first word of the one before. */
  readonly commands: readonly (readonly string[])[];
  /** Finds the place, which may take its time; `say` shows a sentence meanwhile. */
  readonly place: (say: (sentence: string) => void, signal: AbortSignal) => Promise<ShellPlace>;
  /** Runs when the session is over, however it ended. */
  readonly after?: () => Promise<void>;
}

const longestTypedAhead = 64 * 1024;

/** Keeps the last size, and what is typed until a shell has shown that it is there: one that is missing takes nothing. */
class TypedInput {
  #target: RemoteCommand | undefined;
  #size: { rows: number; columns: number } | undefined;
  #typedAhead: string[] | undefined = [];
  hasTyped = false;

  /** A promise when the shell takes no more at the moment. */
  take(frame: ClientFrame): Promise<void> | undefined {
    if (frame.Op === 'resize') {
      this.#size = { rows: frame.Rows, columns: frame.Cols };
      return void this.#target?.resize(this.#size);
    }
    this.hasTyped = true;
    this.#remember(frame.Data);
    const stdin = this.#target?.stdin;
    if (!stdin || stdin.destroyed || stdin.write(frame.Data)) return undefined;
    return new Promise((resolve) => {
      stdin.once('drain', resolve);
      stdin.once('close', resolve);
    });
  }

  attach(command: RemoteCommand): void {
    this.#target = command;
    if (this.#size) command.resize(this.#size);
    for (const text of this.#typedAhead ?? []) command.stdin.write(text);
  }

  /** The shell runs: what it was given is its own. */
  confirm(): void {
    this.#typedAhead = undefined;
  }

  #remember(text: string): void {
    if (!this.#typedAhead) return;
    this.#typedAhead.push(text);
    const length = this.#typedAhead.reduce((sum, one) => sum + one.length, 0);
    if (length > longestTypedAhead)
      throw new ApiError('TooManyRequests', 'too much was typed before there was a shell');
  }
}

function listen({ socket, end }: BrowserSocket, input: TypedInput): void {
  socket.on('message', (data: Buffer) => {
    try {
      const full = input.take(clientFrame(data.toString()));
      if (!full) return;
      socket.pause(); // a flood of input waits where it comes from
      void full.then(() => socket.resume());
    } catch (error) {
      end(isApiError(error) ? error.message : 'the frame could not be read', 1003);
    }
  });
}

interface Running {
  readonly browser: BrowserSocket;
  readonly input: TypedInput;
  readonly signal: AbortSignal;
}

/** Shows what the command writes; tells whether it was anything. */
async function relay({ browser, input }: Running, command: RemoteCommand): Promise<boolean> {
  const decoder = new StringDecoder('utf8'); // a letter may come in two pieces
  let hasShown = false;
  for await (const bytes of bytesOf(command)) {
    const text = decoder.write(bytes);
    if (text === '') continue;
    if (!hasShown) input.confirm();
    hasShown = true;
    await browser.send({ Op: 'stdout', Data: text });
  }
  return hasShown;
}

/** Runs the first of the commands that the container has, to its end. */
async function runFirst({ kube }: TerminalDeps, spec: SessionSpec, running: Running): Promise<Ending> {
  const { browser, input, signal } = running;
  const place = await spec.place((sentence) => void browser.send({ Op: 'toast', Data: sentence }), signal);
  let ending: Ending = { message: 'nothing was started' };
  for (const words of spec.commands) {
    const command = await startCommand(kube, { ...place, command: words, tty: true, signal });
    input.attach(command);
    const hasShown = await relay(running, command);
    ending = await command.ended;
    if (hasShown && input.hasTyped) return ending;
    if (!isMissing(ending)) return ending;
  }
  return { message: 'the container has no shell; a debug container can bring one' };
}

const sentenceOf = (ending: Ending): string =>
  ending.code === undefined ? ending.message : `the shell has ended with ${ending.code}`;

/** Runs a shell for a browser, from the accepted WebSocket to its end; a right that ends, ends it. */
export async function runSession(
  deps: TerminalDeps,
  spec: SessionSpec,
  connection: RawConnection & { readonly context: RawContext },
): Promise<void> {
  const { context } = connection;
  const browser = await acceptBrowser(connection, deps.clock);
  const over = new AbortController();
  const input = new TypedInput();
  browser.socket.on('close', () => over.abort(new ApiError('Timeout', 'the caller has gone')));
  const refused = (): void => {
    const reason: unknown = context.signal.reason;
    browser.end(isApiError(reason) ? reason.message : 'the session was ended', 1008);
    over.abort(reason);
  };
  if (context.signal.aborted) refused();
  else context.signal.addEventListener('abort', refused, { once: true });
  listen(browser, input);
  try {
    browser.end(sentenceOf(await runFirst(deps, spec, { browser, input, signal: over.signal })));
  } catch (error) {
    if (over.signal.aborted) return;
    browser.end(isApiError(error) ? error.message : 'the shell could not be started', 1011);
    if (!isApiError(error)) deps.log.error('a terminal failed', { requestId: context.requestId, error });
  } finally {
    over.abort();
    await spec.after?.();
  }
}
