import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ApiError } from '@kit/base';
import { badRequest } from '../store/api-errors.ts';

const limitBytes = 3 << 20;

const tooLarge = (): ApiError =>
  new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);

/** The whole body; throws `RequestEntityTooLarge` past 3 MiB, also when it unpacks to more. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const incoming = request as AsyncIterable<Buffer>; // no encoding is set: chunks are bytes
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = unpacked(request, Buffer.concat(chunks));
  request.emit('body', bytes); // for the audit, if it listens
  return bytes;
}

function unpacked(request: IncomingMessage, bytes: Buffer): Buffer {
  if (request.headers['content-encoding'] !== 'gzip') return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes });
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(); // what zlib throws past the limit
    throw badRequest('the body says it is gzip, but cannot be unpacked');
  }
}
