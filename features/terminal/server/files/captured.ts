import { ApiError } from '@kit/base';
import { bytesOf, type Ending, type RemoteCommand } from '../exec/remote-command.ts';

const longestBytes = 8 * 1024 * 1024;

const reasons = [
  [/no such file or directory/i, 'NotFound'],
  [/permission denied|read-only file system|operation not permitted/i, 'Forbidden'],
  [/is a directory|not a directory|file exists/i, 'BadRequest'],
  [/no space left/i, 'Invalid'],
] as const;

/** Throws unless the command ended well: with its own words, as what they mean. */
export function checkEnding(ending: Ending, stderr: string): void {
  if (ending.code === 0) return;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const words = said || (ending.code === undefined ? ending.message : `the command ended with ${ending.code}`);
  const reason = reasons.find(([pattern]) => pattern.test(words))?.[1] ?? 'BadRequest';
  throw new ApiError(reason, `in the container: ${words}`);
}

/** All that a command writes, when it has ended well. */
export async function captured(command: RemoteCommand): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytesOf(command)) {
    length += chunk.length;
    if (length > longestBytes) {
      command.close();
      throw new ApiError('RequestEntityTooLarge', 'the folder has too many files to be listed');
    }
    chunks.push(chunk);
  }
  checkEnding(await command.ended, command.stderr);
  return Buffer.concat(chunks).toString();
}
