import { posix } from 'node:path';
import { readLine } from './byte-io.ts';
import { ShellExit, ShellJump, type ShellState } from './shell-state.ts';
import type { ShellIo, ShellWorld } from './shell-world.ts';

export interface BuiltinCall {
  readonly args: readonly string[];
  readonly state: ShellState;
  readonly io: ShellIo;
  readonly world: ShellWorld;
  /** Runs a text as if it stood here. */
  readonly evaluate: (script: string) => Promise<number>;
}

type Builtin = (call: BuiltinCall) => Promise<number> | number;

const number = (text: string | undefined, fallback: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : fallback;

const namePattern = /^[A-Za-z_]\w*$/;

async function changeFolder({ args, state, io, world }: BuiltinCall): Promise<number> {
  const wanted = args[0] ?? state.variables.get('HOME') ?? '/';
  const path = posix.resolve(state.cwd, wanted === '-' ? (state.variables.get('OLDPWD') ?? '/') : wanted);
  const node = world.files.find(path);
  if (node?.is !== 'folder') {
    const why = node ? 'Not a directory' : 'No such file or directory';
    await io.stderr.write(`sh: cd: can't cd to ${wanted}: ${why}\n`);
    return 2;
  }
  state.variables.set('OLDPWD', state.cwd);
  state.cwd = path;
  state.variables.set('PWD', path);
  return 0;
}

function exported({ args, state }: BuiltinCall): number {
  for (const arg of args) {
    const [name = '', ...value] = arg.split('=');
    if (!namePattern.test(name)) continue;
    if (arg.includes('=')) state.variables.set(name, value.join('='));
    state.exported.add(name);
  }
  return 0;
}

function unset({ args, state }: BuiltinCall): number {
  for (const name of args) {
    state.variables.delete(name);
    state.exported.delete(name);
    state.functions.delete(name);
  }
  return 0;
}

async function set(call: BuiltinCall): Promise<number> {
  const { args, state, io } = call;
  if (args.length > 0) return setOptions(call);
  for (const [name, value] of [...state.variables].sort()) await io.stdout.write(`${name}='${value}'\n`);
  return 0;
}

function setOptions({ args, state }: BuiltinCall): number {
  let at = 0;
  for (; /^[-+]\w+$/.test(args[at] ?? ''); at++) {
    const word = args[at] ?? '';
    if (word.slice(1) === 'o') at++;
    else for (const letter of word.slice(1)) setOption(state, letter, word.startsWith('-'));
  }
  const hasEnd = args[at] === '--';
  const rest = args.slice(hasEnd ? at + 1 : at);
  if (hasEnd || rest.length > 0) state.positional = [state.positional[0] ?? 'sh', ...rest];
  return 0;
}

function setOption({ options }: ShellState, letter: string, isOn: boolean): void {
  if (isOn) options.add(letter);
  else options.delete(letter);
}

async function read({ args, state, io }: BuiltinCall): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const line = await readLine(io.stdin);
  const raw = (line ?? '').trim();
  const fields = raw.split(/[ \t]+/);
  names.forEach((name, i) => {
    const isLast = i === names.length - 1;
    state.variables.set(name, isLast ? fields.slice(i).join(' ') : (fields[i] ?? ''));
  });
  return line === undefined ? 1 : 0;
}

async function source({ args, state, world, evaluate }: BuiltinCall): Promise<number> {
  return evaluate(world.files.read(posix.resolve(state.cwd, args[0] ?? '')).toString());
}

/** What a shell does itself, because it changes the shell. */
export const builtins: Readonly<Record<string, Builtin>> = {
  cd: changeFolder,
  export: exported,
  readonly: exported,
  local: ({ args, state }) => {
    for (const arg of args) {
      const [name = '', ...value] = arg.split('=');
      if (namePattern.test(name)) state.variables.set(name, value.join('='));
    }
    return 0;
  },
  unset,
  set,
  read,
  '.': source,
  source,
  eval: ({ args, evaluate }) => evaluate(args.join(' ')),
  exit: ({ args, state }) => {
    throw new ShellExit(number(args[0], state.lastStatus) & 255);
  },
  return: ({ args, state }) => {
    state.lastStatus = number(args[0], state.lastStatus) & 255;
    throw new ShellJump('return', 1);
  },
  break: ({ args }) => {
    throw new ShellJump('break', number(args[0], 1));
  },
  continue: ({ args }) => {
    throw new ShellJump('continue', number(args[0], 1));
  },
  shift: ({ args, state }) => {
    const [name = 'sh', ...rest] = state.positional;
    state.positional = [name, ...rest.slice(number(args[0], 1))];
    return 0;
  },
  pwd: async ({ state, io }) => {
    await io.stdout.write(`${state.cwd}\n`);
    return 0;
  },
  trap: () => 0,
  umask: () => 0,
  wait: () => 0,
  ':': () => 0,
};
