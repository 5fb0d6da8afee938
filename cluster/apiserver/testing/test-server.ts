import { request } from 'node:https';
import { parse } from 'yaml';
import { silentLogger, systemClock } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { startApiServer } from '../start-api-server.ts';
import type { ApiServer } from '../start-api-server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever the server has sent
  readonly body: any;
}

export interface Sent {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Who asks: the administrator by certificate, the service account by token, or nobody. */
  readonly as?: 'admin' | 'robot' | 'nobody';
}

/** An API server in memory, asked over HTTPS. */
export interface TestServer {
  readonly server: ApiServer;
  readonly call: (method: string, path: string, sent?: Sent) => Promise<Answer>;
}

/** An object as tests write it: with what matters to them. */
export function object(type: string, metadata: Partial<ClusterObject['metadata']>, rest: object = {}): ClusterObject {
  const [, apiVersion = '', kind = ''] = /^(.*)\/(\w+)$/.exec(type) ?? [];
  return { apiVersion, kind, metadata: metadata as ClusterObject['metadata'], ...rest }; // tests send incomplete ones too
}

/** The certificate and key of the user of a kubeconfig. */
export function clientCertificate(kubeconfig: string): { cert: Buffer; key: Buffer } {
  const { users } = parse(kubeconfig) as { users: { user: Record<string, string> }[] }; // made by ourselves
  const user = users[0]?.user ?? {};
  const pem = (name: string): Buffer => Buffer.from(user[`client-${name}-data`] ?? '', 'base64');
  return { cert: pem('certificate'), key: pem('key') };
}

interface Identity {
  readonly admin: { cert: Buffer; key: Buffer };
  token: string;
}

function send(
  server: ApiServer,
  identity: Identity,
  { method, path, sent }: { method: string; path: string; sent: Sent },
): Promise<Answer> {
  const { body, headers = {}, as = 'admin' } = sent;
  const data = body === undefined ? undefined : JSON.stringify(body);
  const auth = as === 'robot' ? { authorization: `Bearer ${identity.token}` } : {};
  const length =
    data === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(data)) };
  const tls = { ca: server.caPem, ...(as === 'admin' && identity.admin) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      server.url + path,
      { method, ...tls, headers: { ...length, ...auth, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson =
            String(response.headers['content-type']).startsWith('application/json') && !path.includes('watch=');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: isJson ? JSON.parse(text) : text,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(data);
  });
}

/** Starts the server with a service account `robot` in `default` that has no rights. */
export async function startTestServer(): Promise<TestServer> {
  const server = await startApiServer({ host: '127.0.0.1', port: 0, clock: systemClock, log: silentLogger });
  const identity: Identity = { admin: clientCertificate(server.kubeconfig), token: '' };
  const call = (method: string, path: string, sent: Sent = {}): Promise<Answer> =>
    send(server, identity, { method, path, sent });
  await server.client.create(
    { group: '', resource: 'serviceaccounts' },
    object('v1/ServiceAccount', { name: 'robot', namespace: 'default' }),
  );
  const issued = await call('POST', '/api/v1/namespaces/default/serviceaccounts/robot/token', { body: { spec: {} } });
  const { status } = issued.body as { status: { token: string } }; // a TokenRequest
  identity.token = status.token;
  return { server, call };
}
