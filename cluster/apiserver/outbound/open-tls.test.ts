import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTls } from './open-tls.ts';

/** Takes connections, and never says a word. */
let silent: Server;
const taken: Socket[] = [];
beforeAll(async () => {
  silent = createServer((socket) => taken.push(socket.on('error', () => undefined).resume())).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterAll(() => {
  for (const socket of taken) socket.destroy();
  silent.close();
});

async function dial(): Promise<Duplex> {
  const socket = connect((silent.address() as AddressInfo).port, '127.0.0.1'); // a TCP server has one
  await once(socket, 'connect');
  return socket;
}

test('a handshake that nobody answers ends with the signal, and so does its connection', async () => {
  const late = new AbortController();
  const [opened] = await Promise.all([dial(), once(silent, 'connection')]);
  const secure = openTls(Promise.resolve(opened), {}, late.signal);
  setImmediate(() => late.abort());
  await expect(secure).rejects.toThrow('not wanted any more');
  expect(opened.destroyed).toBe(true);
});

test('a connection that opens too late is closed', async () => {
  const late = new AbortController();
  let open: (socket: Duplex) => void = () => undefined;
  const opening = new Promise<Duplex>((resolve) => {
    open = resolve;
  });
  const secure = openTls(opening, {}, late.signal);
  late.abort();
  await expect(secure).rejects.toThrow('not wanted any more');
  const socket = await dial();
  open(socket);
  await expect.poll(() => socket.destroyed).toBe(true);
});

test('what is no TLS at the other end is an error', async () => {
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const socket = connect((plain.address() as AddressInfo).port, '127.0.0.1'); // as above
  await expect(openTls(Promise.resolve(socket), {})).rejects.toThrow(/wrong version number|packet length|SSL/i);
  plain.close();
});
