import http from 'node:http';
import https from 'node:https';
import type { RawRequest, UpgradeResult } from './client-api.ts';
import type { Connection } from './connection.ts';
import { errorOfTransport } from './transport-error.ts';
import type { Transport } from './transport.ts';
import { tlsOptions } from './transport.ts';

const answerTimeoutMs = 30_000;

/** Headers that make an upgrade what it is, and that an ordinary request must not pass on. */
function upgradeHeaders(request: RawRequest): Record<string, string> {
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { connection: 'Upgrade', ...Object.fromEntries(given.filter(([name]) => name === 'upgrade')) };
}

/** Asks for an upgraded connection on a socket of its own; the socket belongs to the caller from then on. */
export async function openUpgrade(
  connection: Connection,
  transport: Transport,
  request: RawRequest,
): Promise<UpgradeResult> {
  const url = new URL(connection.server);
  const { request: open } = url.protocol === 'https:' ? https : http;
  const headers = { ...(await transport.headers(request)), ...upgradeHeaders(request) };
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const error = errorOfTransport(connection.server, cause, request.signal) as Error; // an abort may have any reason; it is thrown on
      reject(error);
    };
    const outgoing = open({
      ...tlsOptions(connection),
      agent: false,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || undefined,
      method: request.method,
      path: transport.target(request),
      headers,
      signal: request.signal,
    });
    outgoing.setTimeout(answerTimeoutMs, () =>
      outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    );
    outgoing.on('error', fail);
    outgoing.on('upgrade', (response, socket, head) => {
      socket.setTimeout(0);
      resolve({ upgraded: true, headers: response.headers, socket, head });
    });
    outgoing.on('response', (response) => {
      outgoing.setTimeout(0);
      resolve({
        upgraded: false,
        response: { status: response.statusCode ?? 502, headers: response.headers, body: response },
      });
    });
    outgoing.end();
  });
}
