import type { CompoundCommand, CompoundList, Redirected } from 'unbash';

export type FunctionBody = CompoundCommand | Redirected | CompoundList;

/** What a running script changes as it goes; a subshell works on a copy. */
export interface ShellState {
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  readonly functions: Map<string, FunctionBody>;
  cwd: string;
  /** `$0`, `$1`, … */
  positional: readonly string[];
  lastStatus: number;
  /** `set -e`, `set -u`, `set -x`, as letters. */
  readonly options: Set<string>;
  /** How many loops and functions deep. */
  depth: number;
}

export function shellState(env: ReadonlyMap<string, string>, cwd: string, positional: readonly string[]): ShellState {
  return {
    variables: new Map(env),
    exported: new Set(env.keys()),
    functions: new Map(),
    cwd,
    positional,
    lastStatus: 0,
    options: new Set(),
    depth: 0,
  };
}

export function copyOf(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    exported: new Set(state.exported),
    functions: new Map(state.functions),
    options: new Set(state.options),
  };
}

export function exportedOf({ variables, exported }: ShellState): Map<string, string> {
  return new Map([...variables].filter(([name]) => exported.has(name)));
}

/** `exit`, and errors that end a script. */
export class ShellExit extends Error {
  readonly status: number;

  constructor(status: number, message = '') {
    super(message);
    this.status = status;
  }
}

/** `break`, `continue` and `return`, on their way to what they mean. */
export class ShellJump extends Error {
  readonly to: 'break' | 'continue' | 'return';
  readonly count: number;

  constructor(to: ShellJump['to'], count: number) {
    super(to);
    this.to = to;
    this.count = count;
  }
}
