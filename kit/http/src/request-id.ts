import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const form = /^[\w-]{8,64}$/;

/** The caller's own request id if it has the form of one, so that a chain of services can share it; else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && form.test(given) ? given : randomUUID();
}
