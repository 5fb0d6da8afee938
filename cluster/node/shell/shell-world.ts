import type { Duplex } from 'node:stream';
import type { MemoryFiles } from '../files/memory-files.ts';
import type { ByteInput, ByteOutput } from './byte-io.ts';

/** What a command sees of the cluster's network. */
export interface ShellNetwork {
  /** The addresses of a name, as the cluster's name server would answer; none = no such name. */
  resolve(name: string): Promise<readonly string[]>;
  /** Throws a sentence when nothing answers there. */
  connect(address: string, port: number): Promise<Duplex>;
}

/** The container a command runs in. */
export interface ShellWorld {
  readonly files: MemoryFiles;
  readonly hostname: string;
  readonly userId: number;
  readonly network: ShellNetwork;
  /** The command line of the container's own process. */
  readonly mainCommand: readonly string[];
  readonly now: () => number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface ShellIo {
  readonly stdin: ByteInput;
  readonly stdout: ByteOutput;
  readonly stderr: ByteOutput;
}

/** What a command is given. */
export interface CommandCall {
  /** With the command's own name first. */
  readonly argv: readonly string[];
  readonly args: readonly string[];
  readonly world: ShellWorld;
  readonly io: ShellIo;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** Aborted when the command is to end at once. */
  readonly signal: AbortSignal;
  /** Runs another command with the same surroundings. */
  readonly run: (
    argv: readonly string[],
    changes?: { io?: ShellIo; env?: ReadonlyMap<string, string> },
  ) => Promise<number>;
  /** Runs a text as a new shell does: `$0` and what follows, and its options as letters. */
  readonly script: (text: string, positional: readonly string[], letters: Iterable<string>) => Promise<number>;
  /** An absolute path for what the user wrote. */
  readonly path: (written: string) => string;
}

export type Command = (call: CommandCall) => Promise<number>;
export type CommandTable = Readonly<Record<string, Command>>;
