import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ClusterObject } from '../../client.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type Cluster, startCluster } from '../../start-cluster.ts';

let cluster: Cluster;
let tls: { ca: string; cert: Buffer; key: Buffer };
const pods = '/api/v1/namespaces/default/pods';

const pod = (name: string, spec: object): ClusterObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: name } },
  spec,
});

async function running(name: string): Promise<void> {
  await vi.waitFor(async () => {
    const { status } = await cluster.client.get(refs.pods, 'default', name);
    expect(status.phase).toBe('Running');
  }, 15_000);
}

beforeAll(async () => {
  cluster = await startCluster({ podDelayScale: 0, nodes: 1 });
  const { users } = parse(cluster.kubeconfig) as { users: { user: Record<string, string> }[] };
  const pem = (name: string): Buffer => Buffer.from(users[0]?.user[`client-${name}-data`] ?? '', 'base64');
  tls = { ca: cluster.caPem, cert: pem('certificate'), key: pem('key') };
  await vi.waitFor(() => cluster.client.get(refs.serviceAccounts, 'default', 'default'), 15_000);
  const containers = [{ name: 'c', image: 'web:1', ports: [{ containerPort: 8080 }] }];
  await cluster.client.create(refs.pods, pod('web', { containers }));
  await cluster.client.create(refs.pods, pod('two', { containers: [...containers, { name: 'd', image: 'web:1' }] }));
  await cluster.client.create(refs.pods, pod('lost', { containers, nodeSelector: { none: 'such' } }));
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' } };
  await cluster.client.create(refs.services, {
    ...service,
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  await running('web');
  await running('two');
});
afterAll(() => cluster.stop());

interface Heard {
  readonly protocol: string;
  readonly channels: Record<number, string>;
  readonly code: number;
}

/** Sends each message in turn, and gathers what comes by channel until the server closes. */
async function talk(path: string, protocol: string, messages: readonly Buffer[] = []): Promise<Heard> {
  const socket = new WebSocket(cluster.url.replace('https', 'wss') + path, [protocol], tls);
  const channels: Record<number, string> = {};
  socket.on('message', (data: Buffer) => {
    const number = data[0] ?? 0;
    channels[number] = (channels[number] ?? '') + data.subarray(1).toString();
  });
  await once(socket, 'open');
  for (const message of messages) socket.send(message);
  const [code] = (await once(socket, 'close')) as [number];
  return { protocol: socket.protocol, channels, code };
}

test('who follows a log is answered before its first line', async () => {
  const containers = [{ name: 'c', image: 'web:1', command: ['sleep', '600'] }];
  await cluster.client.create(refs.pods, pod('silent', { containers }));
  await running('silent');
  const asked = request(`${cluster.url}${pods}/silent/log?follow=true`, tls).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  asked.destroy();
});

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly location?: string | undefined;
}

function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(cluster.url + path, { ...tls, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          location: response.headers.location,
        }),
      );
    });
    asked.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, body: '' });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const command = (...words: string[]): string =>
  `${pods}/web/exec?stdout=true&stderr=true&${words.map((word) => `command=${encodeURIComponent(word)}`).join('&')}`;

test('a command has its output on channels and its exit code in the last status', async () => {
  const { protocol, channels, code } = await talk(
    command('sh', '-c', 'echo out; echo err >&2; exit 3'),
    'v5.channel.k8s.io',
  );
  expect({ protocol, code, out: channels[1], err: channels[2] }).toEqual({
    protocol: 'v5.channel.k8s.io',
    code: 1000,
    out: 'out\n',
    err: 'err\n',
  });
  expect(JSON.parse(channels[3] ?? '')).toEqual({
    metadata: {},
    status: 'Failure',
    message: 'command terminated with non-zero exit code: command terminated with exit code 3',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  });
});

test('version 5 lets the client end its input', async () => {
  const messages = [Buffer.from('\0one\n'), Buffer.from('\0two\n'), Buffer.of(255, 0)];
  const { channels } = await talk(`${command('wc', '-l')}&stdin=true`, 'v5.channel.k8s.io', messages);
  expect(channels[1]).toBe('2\n');
  expect(JSON.parse(channels[3] ?? '')).toEqual({ metadata: {}, status: 'Success' });
});

test('with a terminal the lines end as terminals need it, and a line is echoed', async () => {
  const keys = Buffer.from('\0echo $((6*7))\rexit 4\r');
  const { channels } = await talk(`${pods}/web/exec?command=sh&stdin=true&stdout=true&tty=true`, 'v4.channel.k8s.io', [
    keys,
  ]);
  expect(channels[1]).toContain('This shell is simulated');
  expect(channels[1]).toMatch(/echo \$\(\(6\*7\)\)\r\n[^]*42\r\n/);
  expect(channels[3]).toContain('"message":"4"');
});

test('the older form of port-forward starts every channel with its port', async () => {
  const socket = new WebSocket(
    `${cluster.url.replace('https', 'wss')}${pods}/web/portforward?ports=8080`,
    ['v4.channel.k8s.io'],
    tls,
  );
  const heard: Buffer[] = [];
  socket.on('message', (data: Buffer) => heard.push(data));
  await once(socket, 'open');
  socket.send(Buffer.from('\0GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'));
  await vi.waitFor(() => expect(Buffer.concat(heard.slice(2)).toString()).toContain('request: GET /x HTTP/1.1'));
  expect(heard.slice(0, 2)).toEqual([Buffer.of(0, 0x90, 0x1f), Buffer.of(1, 0x90, 0x1f)]);
  socket.close();
});

const webSocket = (protocol: string): Record<string, string> => ({
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': protocol,
});
const spdy = (protocol: string): Record<string, string> => ({
  connection: 'Upgrade',
  upgrade: 'SPDY/3.1',
  'x-stream-protocol-version': protocol,
});

test.each([
  {
    why: 'no upgrade',
    path: '/web/exec?command=ls&stdout=1',
    headers: {},
    status: 400,
    says: 'Upgrade request required',
  },
  {
    why: 'an unknown pod',
    path: '/nope/exec?command=ls',
    headers: webSocket('v5.channel.k8s.io'),
    status: 404,
    says: 'pods \\"nope\\" not found',
  },
  {
    why: 'several containers',
    path: '/two/exec?command=ls&stdout=1',
    headers: webSocket('v5.channel.k8s.io'),
    status: 400,
    says: 'a container name must be specified for pod two, choose one of: [c d]',
  },
  {
    why: 'a wrong container',
    path: '/web/exec?command=ls&container=x',
    headers: webSocket('v5.channel.k8s.io'),
    status: 400,
    says: 'container x is not valid for pod web',
  },
  {
    why: 'no node',
    path: '/lost/exec?command=ls&stdout=1',
    headers: webSocket('v5.channel.k8s.io'),
    status: 400,
    says: 'pod lost does not have a host assigned',
  },
  {
    why: 'no channel',
    path: '/web/exec?command=ls',
    headers: webSocket('v5.channel.k8s.io'),
    status: 400,
    says: 'you must specify at least 1 of stdin, stdout, stderr',
  },
  {
    why: 'no common protocol',
    path: '/web/exec?command=ls&stdout=1',
    headers: webSocket('foo'),
    status: 403,
    says: '',
  },
  {
    why: 'no common protocol of SPDY',
    path: '/web/portforward',
    headers: spdy('foo'),
    status: 403,
    says: 'client supports [foo], server accepts [portforward.k8s.io]',
  },
  {
    why: 'a port that is none',
    path: '/web/portforward?ports=99999',
    headers: webSocket('v4.channel.k8s.io'),
    status: 400,
    says: 'value out of range',
  },
])('$why is answered before anything is upgraded', async ({ path, headers, status, says }) => {
  const answer = await ask('GET', pods + path, headers);
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(says);
});

test('a caller who may only get may not start a command by a WebSocket', async () => {
  const rules = [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get'] }];
  const rbac = (resource: string) => ({ group: 'rbac.authorization.k8s.io', resource });
  const metadata = { name: 'reader', namespace: 'default' };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await cluster.client.create(rbac('roles'), { apiVersion, kind: 'Role', metadata, rules });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'geta' }];
  await cluster.client.create(rbac('rolebindings'), { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects });
  const headers = { ...webSocket('v5.channel.k8s.io'), 'impersonate-user': 'geta' };
  const answer = await ask('GET', command('ls'), headers);
  expect(answer).toMatchObject({ status: 403 });
  expect(answer.body).toContain('"message":"pods \\"web\\" is forbidden: "');
});

test.each([
  { why: 'a pod', path: `${pods}/web/proxy/a?b=1`, status: 200, says: 'request: GET /a?b=1' },
  { why: 'a pod by port', path: `${pods}/http:web:8080/proxy/`, status: 200, says: 'port: 8080' },
  { why: 'a closed port', path: `${pods}/web:99/proxy/`, status: 503, says: 'error trying to reach service: dial tcp' },
  { why: 'a scheme that is none', path: `${pods}/ftp:web:80/proxy/`, status: 400, says: 'invalid pod request' },
  {
    why: 'a service port that is none',
    path: '/api/v1/namespaces/default/services/web:81/proxy/',
    status: 503,
    says: 'no service port 81 found',
  },
  { why: 'a node', path: '/api/v1/nodes/node-1/proxy/healthz', status: 200, says: 'ok' },
  {
    why: 'what a node does not have',
    path: '/api/v1/nodes/node-1/proxy/nope',
    status: 404,
    says: '404 page not found',
  },
  { why: 'statistics', path: '/api/v1/nodes/node-1/proxy/stats/summary', status: 200, says: '"podRef":{"name":"web"' },
  {
    why: 'metrics',
    path: '/api/v1/nodes/node-1/proxy/metrics/resource',
    status: 200,
    says: 'pod_cpu_usage_seconds_total{namespace="default",pod="web"}',
  },
])('the proxy leads to $why', async ({ path, status, says }) => {
  const answer = await ask('GET', path);
  expect(answer.body).toContain(says);
  expect(answer.status).toBe(status);
});

test('the proxy leads to a service once it has endpoints, and adds the slash that is missing', async () => {
  const path = '/api/v1/namespaces/default/services/web/proxy';
  await vi.waitFor(async () => expect((await ask('GET', `${path}/x`)).body).toContain('pod: default/web'), 15_000);
  expect(await ask('GET', path)).toMatchObject({ status: 301, location: `${path}/` });
});
