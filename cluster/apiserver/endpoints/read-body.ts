import type { IncomingMessage } from 'node:http';
import { ApiError } from '@kit/base';

const limitBytes = 3 << 20;

const tooLarge = (): ApiError =>
  new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);

/** The whole body as it was sent: nothing is unpacked. Throws `RequestEntityTooLarge` past 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const incoming = request as AsyncIterable<Buffer>; // no encoding is set: chunks are bytes
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  request.emit('body', bytes); // for the audit, if it listens
  return bytes;
}
