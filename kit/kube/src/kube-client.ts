import { silentLogger, systemClock } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient } from './client-api.ts';
import type { Connection } from './connection.ts';
import { createAsk } from './json-request.ts';
import { objectReads } from './object-reads.ts';
import { objectWrites } from './object-writes.ts';
import { createTransport, rawResponse } from './transport.ts';
import { openUpgrade } from './upgrade.ts';

export interface KubeClientOptions {
  readonly log?: Logger;
  readonly clock?: Clock;
  /** What the server's audit log and `managedFields` call us. */
  readonly userAgent?: string;
}

/** A client of the API server that `connection` describes; it opens its first connection with the first call. */
export function createKubeClient(connection: Connection, options: KubeClientOptions = {}): KubeClient {
  const { clock = systemClock, log = silentLogger, userAgent = 'freehold' } = options;
  const { server } = connection;
  if (connection.insecureSkipVerify) log.warn('the certificate of the API server is not verified', { server });
  const transport = createTransport(connection, { clock, userAgent });
  const ask = createAsk(transport);
  return {
    server,
    ...objectReads(ask, transport),
    ...objectWrites(ask),
    json: ask,
    raw: async (request) => rawResponse(await transport.long(request)),
    upgrade: (request) => openUpgrade(connection, transport, request),
    close: () => transport.close(),
  };
}
