import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiServer } from '../start-api-server.ts';
import { clientCertificate, startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

let server: ApiServer;
let call: TestServer['call'];

beforeAll(async () => {
  ({ server, call } = await startTestServer());
});
afterAll(() => server.stop());

const maps = '/api/v1/namespaces/default/configmaps';

interface Seen {
  readonly socket: WebSocket;
  readonly messages: { readonly text: string; readonly binary: boolean }[];
}

function open(path: string, { accept = 'application/json', protocols = [] as string[] } = {}): Seen {
  const url = server.url.replace('https', 'wss') + path;
  const tls = { ca: server.caPem, ...clientCertificate(server.kubeconfig) };
  const socket = new WebSocket(url, protocols, { ...tls, headers: { accept } });
  const messages: Seen['messages'] = [];
  socket.on('message', (data: Buffer, binary) => messages.push({ text: data.toString('latin1'), binary }));
  return { socket, messages };
}

const map = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

describe('a watch over a WebSocket', () => {
  it('has a message for each event, each a line of JSON', async () => {
    const { socket, messages } = open(`${maps}?watch=1&fieldSelector=metadata.name%3Dseen`);
    await once(socket, 'open');
    await call('POST', maps, { body: map('seen') });
    await call('DELETE', `${maps}/seen`);
    await vi.waitFor(() => expect(messages).toHaveLength(2));
    const events = messages.map(({ text }) => JSON.parse(text) as { type: string; object: { kind: string } }); // a watch
    expect(events.map(({ type, object }) => `${type} ${object.kind}`)).toEqual([
      'ADDED ConfigMap',
      'DELETED ConfigMap',
    ]);
    expect(messages.every(({ text, binary }) => text.endsWith('}\n') && !binary)).toBe(true);
    socket.terminate();
  });

  it('is bytes where the client takes protobuf, without the length before them', async () => {
    await call('POST', maps, { body: map('packed') });
    const { socket, messages } = open(`${maps}?watch=1&fieldSelector=metadata.name%3Dpacked`, {
      accept: 'application/vnd.kubernetes.protobuf',
    });
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(messages[0]).toMatchObject({ binary: true, text: expect.stringMatching(/^\n\x05ADDED/) as string });
    socket.terminate();
  });

  it('ends in order when its time is up, and agrees to the one protocol a client names', async () => {
    const { socket } = open(`${maps}?watch=1&timeoutSeconds=1`, { protocols: ['mine'] });
    await once(socket, 'open');
    expect(socket.protocol).toBe('mine');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1000);
  });

  it.each([
    { why: 'a revision that is none', path: `${maps}?watch=1&resourceVersion=x`, status: 500 },
    { why: 'no watch at all', path: maps, status: 200 },
    { why: 'two protocols', path: `${maps}?watch=1`, protocols: ['a', 'b'], status: 400 },
  ])('is answered as any request: $why', async ({ path, status, protocols = [] }) => {
    const { socket } = open(path, { protocols });
    socket.on('error', () => undefined); // it is refused
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(status);
    socket.terminate();
  });
});
