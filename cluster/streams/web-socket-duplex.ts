import { createWebSocketStream, type WebSocket } from 'ws';
import type { Duplex } from 'node:stream';

/** The binary messages of a WebSocket as one byte stream: how SPDY is tunnelled through proxies that know only these. */
export function webSocketDuplex(socket: WebSocket): Duplex {
  const duplex = createWebSocketStream(socket, { readableObjectMode: false });
  duplex.on('error', () => undefined); // it closes after an error, and that is seen
  return duplex;
}
