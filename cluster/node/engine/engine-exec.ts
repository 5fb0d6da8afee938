import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Readable, Writable } from 'node:stream';
import { ApiError } from '@kit/base';
import type { ProcessResult, ProcessSession, ProcessStreams, TerminalSize } from '../../node-runtime.ts';
import type { EngineClient } from './engine-client.ts';
import { EngineError } from './engine-client.ts';
import { outputChunks } from './engine-frames.ts';
import { ExecRefusal } from './exec-refusal.ts';
import type { CheckResult } from './http-check.ts';

interface ExecState {
  readonly ExitCode: number | null;
  readonly Running: boolean;
  readonly Pid?: number;
}

const failure = (message: string, cause?: unknown): ApiError => new ApiError('InternalError', message, { cause });

async function writeAll(target: Writable | undefined, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (target && !target.destroyed && !target.write(bytes))
    await once(target, 'drain', { signal }).catch(() => undefined);
}

function feed(stdin: Readable | undefined, socket: Socket): void {
  if (!stdin) return;
  stdin.on('error', () => socket.end());
  stdin.pipe(socket);
}

interface Pumping {
  readonly isTerminal: boolean;
  /** Takes the pieces of output that are not the process's. */
  readonly refusal?: ExecRefusal;
}

async function pump(socket: Socket, { isTerminal, refusal }: Pumping, streams: ProcessStreams): Promise<void> {
  const leave = (): void => void socket.destroy();
  streams.signal.addEventListener('abort', leave, { once: true });
  feed(streams.stdin, socket);
  try {
    for await (const { from, bytes } of outputChunks(socket, isTerminal))
      if (!refusal?.take(bytes))
        await writeAll(from === 'stderr' ? streams.stderr : streams.stdout, bytes, streams.signal);
  } catch (error) {
    if (!streams.signal.aborted) throw error;
  } finally {
    streams.signal.removeEventListener('abort', leave);
    streams.stdin?.unpipe(socket);
    socket.destroy();
  }
}

async function followSizes(
  sizes: AsyncIterable<TerminalSize> | undefined,
  resize: (size: TerminalSize) => Promise<unknown>,
): Promise<void> {
  for await (const size of sizes ?? []) await resize(size).catch(() => undefined); // the process may have ended
}

export interface ExecPlan {
  readonly client: EngineClient;
  readonly containerId: string;
  readonly command: readonly string[];
  readonly tty: boolean;
}

/** A command that is ready to run in a container. */
export function execSession({ client, containerId, command, tty }: ExecPlan): ProcessSession {
  return {
    async run(streams): Promise<ProcessResult> {
      const created = await client.json<{ Id: string }>('POST', `/containers/${containerId}/exec`, {
        body: {
          AttachStdin: streams.stdin !== undefined,
          AttachStdout: true,
          AttachStderr: true,
          Tty: tty,
          Cmd: command,
        },
      });
      const path = `/exec/${created.Id}`;
      const socket = await client
        .hijack(`${path}/start`, { body: { Detach: false, Tty: tty } })
        .catch((error: unknown) => {
          throw failure(`failed to exec in container: ${(error as Error).message}`, error); // only errors are thrown here
        });
      void followSizes(streams.resize, ({ columns, rows }) =>
        client.json('POST', `${path}/resize`, { query: { w: columns, h: rows } }),
      );
      const refusal = new ExecRefusal();
      await pump(socket, { isTerminal: tty, refusal }, streams);
      const end = await endOf(client, path, streams.signal);
      if (!refusal.isSeen) return end;
      if (end.exitCode !== 0) throw failure(`error executing command in container: ${refusal.reason(created.Id)}`);
      await writeAll(streams.stdout, Buffer.from(refusal.text), streams.signal);
      return end;
    },
  };
}

async function endOf(client: EngineClient, path: string, signal: AbortSignal): Promise<ProcessResult> {
  const state = await client.json<ExecState>('GET', `${path}/json`);
  if (state.Running && signal.aborted && state.Pid) endProcess(state.Pid);
  return { exitCode: state.ExitCode ?? 0 };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** The input and output of a container's own process; ends with it, or when the caller lets go. */
export function attachSession(client: EngineClient, containerId: string, tty: boolean): ProcessSession {
  return {
    async run(streams): Promise<ProcessResult> {
      const query = { stream: true, stdin: streams.stdin !== undefined, stdout: true, stderr: true };
      const socket = await client.hijack(`/containers/${containerId}/attach`, { query });
      void followSizes(streams.resize, ({ columns, rows }) =>
        client.json('POST', `/containers/${containerId}/resize`, { query: { w: columns, h: rows } }),
      );
      await pump(socket, { isTerminal: tty }, streams);
      return { exitCode: 0 };
    },
  };
}

// An engine takes its time to start a process, on a busy machine more than a probe gives the process itself.
const engineTakesMs = 5_000;

/** Runs a command without input, as a check: exit code 0 is a success. */
export async function checkCommand(plan: Omit<ExecPlan, 'tty'>, timeoutMs: number): Promise<CheckResult> {
  const leaving = new AbortController();
  const chunks: Uint8Array[] = [];
  const sink = (): Writable =>
    new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
  const timer = setTimeout(() => leaving.abort(), timeoutMs + engineTakesMs);
  try {
    const streams = { stdout: sink(), stderr: sink(), signal: leaving.signal };
    const { exitCode } = await execSession({ ...plan, tty: false }).run(streams);
    const output = Buffer.concat(chunks)
      .toString()
      .slice(0, 10 * 1024);
    if (!leaving.signal.aborted) return { ok: exitCode === 0, output };
    return {
      ok: false,
      output: `command timed out: ${JSON.stringify(plan.command.join(' '))} timed out after ${timeoutMs / 1000}s`,
    };
  } catch (error) {
    if (error instanceof EngineError || error instanceof ApiError)
      return { ok: false, isUnknown: true, output: error.message };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
