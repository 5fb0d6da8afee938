import { type ByteInput, bytesInput, readAll } from '../shell/byte-io.ts';
import { FileError } from '../files/file-error.ts';
import type { CommandCall } from '../shell/shell-world.ts';

export interface NamedInput {
  readonly name: string;
  readonly input: ByteInput;
}

/** The files a command names, or its input when it names none; a file that cannot be read is said on stderr. */
export async function inputFiles(
  { io, world, path, argv }: CommandCall,
  names: readonly string[],
): Promise<{ inputs: NamedInput[]; failed: boolean }> {
  const inputs: NamedInput[] = [];
  let failed = false;
  for (const name of names.length > 0 ? names : ['-']) {
    try {
      const input = name === '-' || name === '/dev/stdin' ? io.stdin : bytesInput(world.files.read(path(name)));
      inputs.push({ name, input });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = true;
      await io.stderr.write(`${argv[0]}: can't open '${name}': ${error.message}\n`);
    }
  }
  return { inputs, failed };
}

/** All lines of the inputs, without their line feeds. */
export async function* linesOf(inputs: readonly NamedInput[]): AsyncGenerator<{ name: string; line: string }> {
  for (const { name, input } of inputs) {
    let rest = '';
    for (let chunk = await input.read(); chunk; chunk = await input.read()) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield { name, line };
    }
    if (rest) yield { name, line: rest };
  }
}

export async function textOf(inputs: readonly NamedInput[]): Promise<string> {
  const parts: Buffer[] = [];
  for (const { input } of inputs) parts.push(await readAll(input));
  return Buffer.concat(parts).toString();
}
