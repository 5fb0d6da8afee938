import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { startTestCluster, type TestCluster } from '@kit/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecordingFront, type Recorded, type RecordingFront } from './recording-front.ts';
import { makeUser, password } from './world.ts';

let cluster: TestCluster;
let front: RecordingFront;
let platform: TestPlatform;
let admin: Session;
let nobody: Session;
const folder = mkdtempSync(join(tmpdir(), 'forged-'));

beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 0 });
  front = await openRecordingFront(cluster.kubeconfig);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, front.kubeconfig, { mode: 0o600 });
  platform = await startTestPlatform({ kubeconfig });
  admin = await platform.signIn();
  await makeUser(admin, { name: 'nobody', grants: [] });
  nobody = await platform.signIn('nobody', password);
}, 120_000);
afterAll(async () => {
  await platform.stop();
  await front.close();
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

/** Everything that some proxy or API server somewhere takes a name, an address or a way from. */
const forged: readonly (readonly [name: string, value: string])[] = [
  ['Impersonate-User', 'forged-admin'],
  ['IMPERSONATE-GROUP', 'forged-masters'],
  ['Impersonate-Group', 'system:masters'],
  ['impersonate-uid', 'forged-uid'],
  ['Impersonate-Extra-scopes', 'forged-extra'],
  ['Impersonate_User', 'forged-underscore'],
  ['X-Remote-User', 'forged-remote'],
  ['x-remote-group', 'forged-remote-group'],
  ['X-Remote-Extra-a', 'forged-remote-extra'],
  ['X-Forwarded-User', 'forged-forwarded'],
  ['X-Forwarded-For', '203.0.113.9'],
  ['X-Forwarded-Host', 'forged.example.com'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Client-Cert', 'forged-cert'],
  ['X-Original-URL', '/apis/iam.kubesphere.io/v1alpha2/users'],
  ['X-Rewrite-URL', '/forged'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Real-IP', '203.0.113.9'],
  ['Forwarded', 'for=203.0.113.9;by=forged'],
  ['Via', '1.1 forged'],
  ['Proxy-Authorization', 'Basic Zm9yZ2VkOmZvcmdlZA=='],
  ['Cookie', 'freehold-session=forged; other=forged-cookie'],
  ['X-Auth-Request-User', 'forged-oauth2-proxy'],
  ['Audit-ID', 'forged-audit'],
  ['X-Kubernetes-PF-FlowSchema-UID', 'forged-flow'],
];

interface Sent {
  readonly target: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly method?: string;
}

/** One request with exactly these headers, repeated ones too. */
function send({ target, headers = [], method = 'GET' }: Sent): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(platform.url);
  const raw = [['Host', `${hostname}:${port}`] as const, ...headers].flat();
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path: target, method, headers: raw });
    asking.on('error', reject);
    asking.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, text: '' });
    });
    asking.on('response', (answer) => {
      let text = '';
      answer.on('data', (bytes: Buffer) => (text += bytes.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asking.end();
  });
}

const bearer = ({ token }: Session): readonly [string, string] => ['Authorization', `Bearer ${token}`];
const hop = ['Connection', 'close, X-Remote-User, Authorization, Content-Type'] as const;

/** What has reached the cluster at this path since. */
function arrivals(path: string): Recorded[] {
  return front.requests.filter(({ url }) => url.startsWith(path));
}

const passed = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'host',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

function expectClean({ rawHeaders }: Recorded): void {
  const names = rawHeaders.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names.filter((name) => !passed.has(name))).toEqual([]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(rawHeaders.join('\n')).not.toMatch(/forged|203\.0\.113\.9|system:masters|X-Remote-User/i);
  expect(rawHeaders[rawHeaders.findIndex((text) => text.toLowerCase() === 'authorization') + 1]).toBe(
    `Bearer ${front.token}`,
  );
}

describe('what a caller says of themselves in headers', () => {
  it('does not reach the cluster with a request', async () => {
    const target = '/api/v1/namespaces/default/configmaps?limit=7';
    expect((await send({ target, headers: [bearer(admin), hop, ...forged] })).status).toBe(200);
    const seen = arrivals(target);
    expect(seen).toHaveLength(1);
    seen.forEach(expectClean);
  });

  it('does not reach it with a connection that changes protocol', async () => {
    const target = '/api/v1/namespaces/default/pods/forged-pod/exec?command=sh';
    const upgrade = [
      ['Connection', 'Upgrade, X-Remote-User'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
      ['Sec-WebSocket-Protocol', 'v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.Zm9yZ2Vk'],
    ] as const;
    await send({ target, headers: [bearer(admin), ...upgrade, ...forged] });
    const seen = arrivals('/api/v1/namespaces/default/pods/forged-pod/exec');
    expect(seen).toHaveLength(1);
    for (const one of seen) expectClean({ ...one, url: '' });
    expect(JSON.stringify(seen)).not.toContain('base64url.bearer');
  });

  it('makes nobody of somebody, and nobody somebody else', async () => {
    for (const target of [
      '/api/v1/namespaces',
      '/kapis/iam.kubesphere.io/v1alpha2/globalrolebindings',
      '/apis/iam.kubesphere.io/v1alpha2/users',
    ]) {
      expect((await send({ target, headers: forged.filter(([name]) => name !== 'Cookie') })).status).toBe(403);
      expect((await send({ target, headers: [bearer(nobody), ...forged] })).status).toBe(403);
    }
    const me = await send({ target: '/oauth/userinfo', headers: [bearer(nobody), ...forged] });
    expect(me.text).toContain('nobody');
    expect(me.text).not.toContain('forged');
  });

  it('is not what is written down of them', async () => {
    const { body } = await admin.call<{ items: object[] }>(
      'GET',
      '/kapis/iam.kubesphere.io/v1alpha2/users/nobody/loginrecords',
    );
    expect(JSON.stringify(body.items)).not.toMatch(/203\.0\.113\.9|forged/);
  });

  const doubles: [why: string, headers: (readonly [string, string])[], status: number][] = [
    [
      'two tokens',
      [
        ['Authorization', 'Bearer one'],
        ['authorization', 'Bearer two'],
      ],
      401,
    ],
    ['a good one and another', [['AUTHORIZATION', 'Bearer x']], 401],
    ['two in one', [['Authorization', 'Bearer a, Bearer b']], 401],
    ['an unknown scheme', [['Authorization', 'Negotiate abc']], 401],
    ['nothing behind the scheme', [['Authorization', 'Bearer']], 401],
    ['an unsigned token', [['Authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.']], 401],
  ];
  it.each(doubles)('%s is no credential', async (why, headers, status) => {
    const all = why.startsWith('a good one') ? [bearer(admin), ...headers] : headers;
    expect((await send({ target: '/api/v1/namespaces', headers: all })).status).toBe(status);
  });
});
