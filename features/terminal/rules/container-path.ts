import { posix } from 'node:path';
import { ApiError } from '@kit/base';

const longest = 4096;

/** A path in a container: absolute, without `..`, such that no command could take it for an option. */
export function containerPath(given: string | null | undefined): string {
  if (!given?.startsWith('/'))
    throw new ApiError('BadRequest', 'the parameter "path" is needed: an absolute path such as /tmp');
  if (given.length > longest || given.includes('\0'))
    throw new ApiError('BadRequest', 'the parameter "path" is no path');
  return posix.normalize(given);
}
