import type { Duplex } from 'node:stream';
import { toStatus } from '@kit/base';
import { badRequest, methodNotAllowed } from '../store/api-errors.ts';

/** Answers what is not HTTP, or has a method that HTTP does not know, and closes the connection. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === 'HPE_INVALID_METHOD' ? methodNotAllowed() : badRequest('the request is not valid HTTP');
  const status = toStatus(refusal);
  const body = JSON.stringify(status);
  const head = [
    `HTTP/1.1 ${status.code} ${status.reason}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
