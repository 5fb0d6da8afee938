import { ApiError } from '@kit/base';
import type { ProcessResult, ProcessSession, ProcessStreams } from '../../node-runtime.ts';
import { commands } from '../commands/commands.ts';
import { emptyInput, IterableInput, PipeClosed } from '../shell/byte-io.ts';
import { Shell } from '../shell/shell.ts';
import { ShellExit, shellState } from '../shell/shell-state.ts';
import type { ShellIo } from '../shell/shell-world.ts';
import type { OpenContainer } from './container-worlds.ts';
import { interactiveShell } from './interactive-shell.ts';
import { flushed, streamOutput, terminalOutput } from './stream-io.ts';
import { TerminalInput } from './terminal-input.ts';

const shells = new Set(['sh', 'bash', 'ash', 'dash']);
const interrupted = 130;
const killed = 137;

interface Terminal {
  readonly io: ShellIo;
  readonly onInterrupt: (act: () => void) => void;
}

function terminalOf({ stdin, stdout, stderr }: ProcessStreams, tty: boolean): Terminal {
  const plain = streamOutput(stdout);
  if (!tty) {
    const input = stdin ? new IterableInput(stdin) : emptyInput;
    return { io: { stdin: input, stdout: plain, stderr: streamOutput(stderr) }, onInterrupt: () => undefined };
  }
  const shown = terminalOutput(plain);
  const input = stdin && new TerminalInput(stdin, shown);
  return {
    io: { stdin: input?.input ?? emptyInput, stdout: shown, stderr: shown },
    onInterrupt: (act) => {
      if (input) input.onInterrupt = act;
    },
  };
}

/** `sh`, `bash -i`: a shell that is told nothing to run. */
function isInteractive([name = '', ...args]: readonly string[]): boolean {
  return shells.has(name.slice(name.lastIndexOf('/') + 1)) && args.every((arg) => /^-[il]+$|^--login$/.test(arg));
}

function checkKnown({ world, cwd: _cwd }: OpenContainer, [name = '']: readonly string[]): void {
  const isKnown = name.includes('/') ? world.files.find(name) !== undefined : commands[name] !== undefined;
  if (isKnown) return;
  const why =
    name === '' ? 'args must not be empty' : `exec: ${JSON.stringify(name)}: executable file not found in $PATH`;
  throw new ApiError(
    'InternalError',
    `error executing command in container: failed to exec in container: unable to start container process: ${why}`,
  );
}

/** Never rejects for what the command does: a broken pipe and an end by signal are exits too. */
async function exitOf(work: Promise<number>, signal: AbortSignal): Promise<number> {
  const gone = new Promise<number>((resolve) => {
    if (signal.aborted) resolve(killed);
    signal.addEventListener('abort', () => resolve(killed), { once: true });
  });
  try {
    return await Promise.race([work, gone]);
  } catch (error) {
    if (error instanceof ShellExit) return error.status;
    if (error instanceof PipeClosed) return 141;
    if (signal.aborted) return killed;
    throw error;
  }
}

/** Runs a command in the memory of a simulated container. */
export function commandSession(
  open: () => Promise<OpenContainer>,
  { command, tty }: { command: readonly string[]; tty: boolean },
): ProcessSession {
  return {
    run: async (streams): Promise<ProcessResult> => {
      const container = await open();
      checkKnown(container, command);
      const { io, onInterrupt } = terminalOf(streams, tty);
      const { world, env, cwd } = container;
      const stop = new AbortController();
      const signal = AbortSignal.any([streams.signal, stop.signal]);
      if (tty) env.set('TERM', 'xterm');
      const work = async (): Promise<number> => {
        if (isInteractive(command)) return interactiveShell({ container, commands, io, signal, tty, onInterrupt });
        const cut = new Promise<number>((resolve) => onInterrupt(() => resolve(interrupted)));
        const shell = new Shell({ world, commands, signal }, shellState(env, cwd, ['sh']));
        return Promise.race([shell.execute(command, io), cut]);
      };
      const exitCode = await exitOf(work(), streams.signal);
      stop.abort();
      await Promise.all([flushed(streams.stdout), flushed(streams.stderr)]);
      return { exitCode };
    },
  };
}
