import { parse } from 'unbash';
import { readLine } from '../shell/byte-io.ts';
import { Shell } from '../shell/shell.ts';
import { ShellExit, shellState } from '../shell/shell-state.ts';
import type { CommandTable, ShellIo } from '../shell/shell-world.ts';
import type { OpenContainer } from './container-worlds.ts';

export interface Interaction {
  readonly container: OpenContainer;
  readonly commands: CommandTable;
  readonly io: ShellIo;
  readonly signal: AbortSignal;
  /** With a terminal: prompts, and a first line that says what this is. */
  readonly tty: boolean;
  /** Sets what Ctrl-C does from now on. */
  readonly onInterrupt: (act: () => void) => void;
}

const interrupted = 130;
const isOpen = (script: string): boolean =>
  parse(script).errors?.some(({ message }) => /unterminated|unexpected end|expected/i.test(message)) ?? false;

/** The next whole command: lines until nothing is left open. */
async function nextScript({ io, tty }: Interaction, prompt: string): Promise<string | undefined> {
  let script = '';
  for (;;) {
    if (tty) await io.stdout.write(script ? '> ' : prompt);
    const line = await readLine(io.stdin);
    if (line === undefined) return script || undefined;
    script += `${line}\n`;
    if (!isOpen(script)) return script;
  }
}

/** A shell that lasts as long as its input; answers its exit status. */
export async function interactiveShell(interaction: Interaction): Promise<number> {
  const { container, commands, io, signal, tty, onInterrupt } = interaction;
  const { world, env, cwd } = container;
  const state = shellState(env, cwd, ['sh']);
  if (tty) await io.stdout.write('This shell is simulated: it runs in memory, no real process is behind it.\n');
  while (!signal.aborted) {
    const mark = world.userId === 0 ? '#' : '$';
    const script = await nextScript(interaction, `${state.cwd} ${mark} `);
    if (script === undefined) break;
    const stop = new AbortController();
    const shell = new Shell({ world, commands, signal: AbortSignal.any([signal, stop.signal]) }, state);
    const cut = new Promise<number>((resolve) => onInterrupt(() => resolve(interrupted)));
    try {
      state.lastStatus = await Promise.race([runKeepingExit(shell, script, io), cut]);
    } catch (error) {
      if (error instanceof ShellExit) return error.status;
      if (!stop.signal.aborted) throw error;
    } finally {
      stop.abort();
    }
  }
  return state.lastStatus;
}

/** `exit` typed at the prompt ends the session and not only the line. */
async function runKeepingExit(shell: Shell, script: string, io: ShellIo): Promise<number> {
  let ended: number | undefined;
  const status = await shell.run(script, io, (code) => (ended = code));
  if (ended !== undefined) throw new ShellExit(ended);
  return status;
}
