import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiError, Secret } from '@kit/base';

/** The secret that is all there is in a file, without the line's end; throws one sentence naming the file. */
export function readSecretFile(file: string): Secret {
  const path = resolve(file);
  try {
    return new Secret(readFileSync(path, 'utf8').trim());
  } catch (cause) {
    throw new ApiError('Invalid', `the file ${path} cannot be read: ${(cause as Error).message}`, { cause }); // readFileSync throws only errors
  }
}
