import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';

/** A body read whole; one that is longer than the limit is refused before it is. */
export async function readBody(request: IncomingMessage, longestBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const body = request as AsyncIterable<Buffer>; // cast: no encoding is set on it
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longestBytes)
      throw new ApiError('RequestEntityTooLarge', `the body is longer than ${longestBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
