import { readFile } from 'node:fs/promises';
import { ApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import type { Connection } from './connection.ts';

/** Kubernetes replaces a pod's token well before it ends; a minute old is fresh enough. */
const tokenFileAgeMs = 60_000;

/** Gives the `authorization` header of a connection, reading a token file again as it is replaced. */
export function createCredentials(connection: Connection, clock: Clock): () => Promise<string | undefined> {
  let fromFile: { header: string; readAtMs: number } | undefined;
  const fixed = fixedHeader(connection);

  async function readToken(path: string): Promise<string> {
    if (fromFile && clock.now() - fromFile.readAtMs < tokenFileAgeMs) return fromFile.header;
    try {
      fromFile = { header: `Bearer ${(await readFile(path, 'utf8')).trim()}`, readAtMs: clock.now() };
      return fromFile.header;
    } catch (cause) {
      throw new ApiError('ServiceUnavailable', `the token file "${path}" cannot be read`, { cause });
    }
  }

  return async () => (connection.tokenFile ? readToken(connection.tokenFile) : fixed);
}

function fixedHeader({ token, basic }: Connection): string | undefined {
  if (token) return `Bearer ${token.reveal()}`;
  if (!basic) return undefined;
  return `Basic ${Buffer.from(`${basic.username}:${basic.password.reveal()}`).toString('base64')}`;
}
