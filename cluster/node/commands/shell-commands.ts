import { readAll } from '../shell/byte-io.ts';
import type { Command, CommandTable } from '../shell/shell-world.ts';
import { options } from './options.ts';

/** `sh -c SCRIPT`, `sh FILE`, or commands from its input. */
const sh: Command = async (call) => {
  const { flags, rest } = options(call.args);
  const letters = [...flags].filter((flag) => 'eux'.includes(flag));
  const [first = '', ...more] = rest;
  if (flags.has('c')) return call.script(first, more.length > 0 ? more : ['sh'], letters);
  const text = first ? call.world.files.read(call.path(first)) : await readAll(call.io.stdin);
  return call.script(text.toString(), rest.length > 0 ? rest : ['sh'], letters);
};

export const shellCommands: CommandTable = { sh, bash: sh, ash: sh, dash: sh };
