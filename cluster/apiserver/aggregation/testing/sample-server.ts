import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { openPki } from '../../auth/certificates.ts';

export const sampleGroup = 'sample.example.com';

/** A small API server of its own, as one writes it to stand behind another: it serves `gadgets` in its memory. */
export interface SampleServer {
  readonly port: number;
  readonly caPem: string;
  /** Headers and path of every request that came with a certificate it believes. */
  readonly seen: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[];
  /** What its discovery answers from now on; 200 is the usual. */
  discoveryStatus: number;
  close(): Promise<void>;
}

const resource = {
  name: 'gadgets',
  singularName: 'gadget',
  namespaced: true,
  kind: 'Gadget',
  verbs: ['get', 'list', 'create', 'watch'],
  shortNames: ['gd'],
};
const apiVersion = `${sampleGroup}/v1`;

const gadget = (name: string): object => ({
  apiVersion,
  kind: 'Gadget',
  metadata: { name, namespace: 'default' },
  spec: { size: 1 },
});

const openApi = {
  openapi: '3.0.0',
  info: { title: 'sample', version: '1' },
  paths: {
    [`/apis/${sampleGroup}/v1/namespaces/{namespace}/gadgets`]: {
      get: { responses: { '200': { description: 'OK' } } },
    },
  },
};

function json(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length, 'X-Own': 'kept' });
  response.end(bytes);
}

function streamForever(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.write(`${JSON.stringify({ type: 'ADDED', object: gadget('first') })}\n`);
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => json(response, 201, JSON.parse(Buffer.concat(chunks).toString()) as object)); // tests send JSON
}

/** Starts it on a free port. It believes whoever the certificates of `requestCa` vouch for, and refuses all others. */
export async function startSampleServer(host: string, requestCa: string): Promise<SampleServer> {
  const { ca, server: own } = await openPki({ host, nowMs: Date.now() });
  const seen: SampleServer['seen'] = [];
  const state = { discoveryStatus: 200 };
  // eslint-disable-next-line complexity -- one line for each path of the sample
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/', headers } = request;
    const { pathname: path, searchParams: query } = new URL(url, 'https://sample');
    if (!(request.socket as TLSSocket).authorized)
      return json(response, 401, { kind: 'Status', message: 'no certificate' });
    seen.push({ method, url, headers });
    if (path === `/apis/${apiVersion}`)
      return json(response, state.discoveryStatus, {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: apiVersion,
        resources: [resource],
      });
    if (path === '/openapi/v3')
      return json(response, 200, {
        paths: { [`apis/${apiVersion}`]: { serverRelativeURL: `/openapi/v3/apis/${apiVersion}?hash=ABC` } },
      });
    if (path === `/openapi/v3/apis/${apiVersion}`) return json(response, 200, openApi);
    if (!path.startsWith(`/apis/${apiVersion}/`))
      return json(response, 404, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'NotFound',
        code: 404,
      });
    if (query.get('watch')) return streamForever(response);
    if (method === 'POST') return echo(request, response);
    if (path.endsWith('/gadgets'))
      return json(response, 200, {
        kind: 'GadgetList',
        apiVersion,
        metadata: { resourceVersion: '1' },
        items: [gadget('first')],
      });
    return json(response, 200, gadget(path.split('/').at(-1) ?? ''));
  };
  const server = createServer(
    { cert: own.cert, key: own.key, ca: requestCa, requestCert: true, rejectUnauthorized: false },
    answer,
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    port,
    caPem: ca.cert,
    seen,
    get discoveryStatus() {
      return state.discoveryStatus;
    },
    set discoveryStatus(status) {
      state.discoveryStatus = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
