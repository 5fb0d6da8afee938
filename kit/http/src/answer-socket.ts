import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { toStatus } from '@kit/base';

/** Answers a bare connection (one that asked for an upgrade, or is no HTTP) with a plain HTTP refusal, and closes it. */
export function refuseSocket(socket: Duplex, error: unknown, requestId: string): void {
  if (!socket.writable) return void socket.destroy();
  const status = toStatus(error, requestId);
  const body = JSON.stringify(status);
  const lines = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? 'Error'}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status.code === 401 ? ['WWW-Authenticate: Bearer'] : []),
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
