import { ApiError } from '@kit/base';

/** What the client is told of a connection that could not be made. */
export function forwardError(port: number, error: unknown): string {
  const why = error instanceof ApiError ? error.message : 'the connection could not be made';
  return `error forwarding port ${port} to pod: ${why}`;
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;
