import type { HereDoc, Redirect, Redirection } from 'unbash';
import type { MemoryFiles } from '../files/memory-files.ts';
import { bytesInput, emptyInput, type ByteInput, type ByteOutput, nullOutput } from './byte-io.ts';
import { expandParts, expandText, type ExpandSetting } from './expand.ts';
import { ShellExit } from './shell-state.ts';
import type { ShellIo } from './shell-world.ts';
import { posix } from 'node:path';

function fileOutput(files: MemoryFiles, path: string, append: boolean): ByteOutput {
  const file = files.open(path, { append });
  return {
    write: async (bytes) => files.append(file, Buffer.from(bytes as Buffer)), // a text has a conversion of the same name
  };
}

interface Opener {
  readonly io: ShellIo;
  readonly setting: ExpandSetting;
}

function openOutput(target: string, append: boolean, { io, setting }: Opener): ByteOutput {
  if (target === '/dev/null') return nullOutput;
  if (target === '/dev/stdout' || target === '/proc/self/fd/1' || target === '/proc/1/fd/1') return io.stdout;
  if (target === '/dev/stderr' || target === '/proc/self/fd/2') return io.stderr;
  return fileOutput(setting.files, posix.resolve(setting.state.cwd, target), append);
}

function openInput(target: string, { io, setting }: Opener): ByteInput {
  if (target === '/dev/null') return emptyInput;
  if (target === '/dev/stdin') return io.stdin;
  return bytesInput(setting.files.read(posix.resolve(setting.state.cwd, target)));
}

function withOutput(io: ShellIo, descriptor: number, output: ByteOutput): ShellIo {
  if (descriptor === 1) return { ...io, stdout: output };
  return descriptor === 2 ? { ...io, stderr: output } : io;
}

/** `2>&1`: one output becomes what the other is now. */
function duplicated(io: ShellIo, descriptor: number, target: string): ShellIo {
  if (target === '1') return withOutput(io, descriptor, io.stdout);
  if (target === '2') return withOutput(io, descriptor, io.stderr);
  if (target === '-') return withOutput(io, descriptor, nullOutput);
  throw new ShellExit(2, `${target}: bad file descriptor`);
}

async function hereText(redirect: HereDoc, setting: ExpandSetting): Promise<string> {
  const { parts, text } = redirect.body;
  if (parts) return expandParts(parts, setting);
  return redirect.operator === '<<-' ? text.replace(/^\t+/gm, '') : text;
}

function fromOrTo(redirect: Redirect, target: string, { io, setting }: Opener): ShellIo {
  const { operator, descriptor } = redirect;
  const number = descriptor?.type === 'FileDescriptor' ? descriptor.value : 1;
  if (operator === '<' || operator === '<>') return { ...io, stdin: openInput(target, { io, setting }) };
  if (operator === '<&') return io;
  if (operator === '>&' && /^(\d+|-)$/.test(target)) return duplicated(io, number, target);
  const output = openOutput(target, operator.endsWith('>>'), { io, setting });
  const both = operator.startsWith('&') || operator === '>&';
  return both ? { ...io, stdout: output, stderr: output } : withOutput(io, number, output);
}

async function one(redirect: Redirection, io: ShellIo, setting: ExpandSetting): Promise<ShellIo> {
  if (redirect.type === 'HereDoc') return { ...io, stdin: bytesInput(await hereText(redirect, setting)) };
  const target = redirect.target ? await expandText(redirect.target, setting) : '';
  if (redirect.type === 'HereString') return { ...io, stdin: bytesInput(`${target}\n`) };
  return fromOrTo(redirect, target, { io, setting });
}

/** The inputs and outputs of a command after its redirections, taken from left to right. */
export async function redirected(
  io: ShellIo,
  redirects: readonly Redirection[],
  setting: ExpandSetting,
): Promise<ShellIo> {
  let result = io;
  for (const redirect of redirects) result = await one(redirect, result, setting);
  return result;
}
