import { connect } from 'node:net';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPath, inertTable } from '../../apps/server/test/inert-table.ts';
import { startTarget } from '../target.ts';

const { routes, mounts, upgrades } = inertTable();
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTarget({ nodes: 0 });
}, 120_000);
afterAll(() => platform.stop());

/** Everything that is answered without a credential; the rest is refused, or is not there. */
const openWithoutCredential = [
  'GET /docs/api',
  'GET /healthz',
  'GET /kapis/config.kubesphere.io/v1alpha2/configs/configz',
  'GET /kapis/config.kubesphere.io/v1alpha2/configs/gpu/kinds',
  'GET /kapis/config.kubesphere.io/v1alpha2/configs/oauth',
  'GET /kapis/iam.freehold.io/v1alpha1/signinoptions',
  'GET /kapis/openapi.json',
  'GET /kapis/version',
  'GET /livez',
  'GET /oauth/.well-known/openid-configuration',
  'GET /oauth/authorize',
  'GET /oauth/callback/{provider}',
  'GET /oauth/keys',
  'GET /oauth/login/{provider}',
  'GET /oauth/logout',
  'GET /readyz',
  'GET /session',
  'DELETE /session/registration',
  'GET /version',
  'POST /kapis/iam.kubesphere.io/v1alpha2/login',
  'POST /oauth/authenticate',
  'POST /oauth/login/{provider}',
  'POST /oauth/logout',
  'POST /oauth/token',
  'POST /session',
  'POST /session/registration',
  'POST /session/secondfactor',
];

const values = {
  workspace: 'system-workspace',
  namespace: 'kube-system',
  resources: 'secrets',
  user: 'admin',
  name: 'x',
};

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function ask(method: string, target: string, accept = '*/*'): Promise<Answer> {
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const body = hasBody ? { body: '{}' } : {};
  const answer = await fetch(platform.url + target, {
    method,
    redirect: 'manual',
    headers: { accept, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...body,
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

function expectRefusal({ status, text, headers }: Answer, method: string): void {
  expect([401, 403]).toContain(status);
  if (method === 'HEAD') return;
  expect(JSON.parse(text)).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
  expect(headers.get('cache-control')).toBe('no-store');
}

describe('without a credential', () => {
  const table = routes.map((route) => ({ ...route, key: `${route.method} ${route.path}` }));
  const documents = ['GET /docs/api', 'GET /kapis/openapi.json']; // made from the table, and so not in it

  it('is open what is listed, and nothing else', () => {
    const open = table.filter(({ permission }) => permission.by === 'open').map(({ key }) => key);
    expect([...open, ...documents].filter((key) => !openWithoutCredential.includes(key))).toEqual([]);
    expect(openWithoutCredential.filter((key) => ![...open, ...documents].includes(key))).toEqual([]);
  });

  it.each(
    table.filter(({ permission }) => permission.by !== 'open').map(({ key, method, path }) => ({ key, method, path })),
  )('$key is refused', async ({ method, path }) => {
    const target = fillPath(path, values);
    expectRefusal(await ask(method, target), method);
    if (method === 'GET') expectRefusal(await ask('HEAD', target), 'HEAD');
    expectRefusal(await ask(method, target, 'text/html'), method);
  });

  it.each(mounts.map(({ prefix }) => prefix))('%s is refused whatever the method', async (prefix) => {
    for (const method of methods) {
      for (const path of [
        prefix,
        `${prefix}/v1/namespaces`,
        `${prefix}/v1/secrets?watch=true`,
        `${prefix}/v1/nodes/n/proxy/`,
      ])
        expectRefusal(await ask(method, path), method);
    }
  });

  it.each(upgrades.map(({ prefix }) => prefix))('%s changes no protocol', async (prefix) => {
    for (const path of [`${prefix}/v1/pods?watch=true`, `${prefix}/v1/namespaces/kube-system/pods/x/exec?command=sh`])
      expect(await upgraded(path)).toMatch(/^HTTP\/1\.1 40[13] /);
  });

  it.each(['/', '/healthz', '/session', '/assets/x', '/kapis/version', '/nowhere', '/oauth/token'])(
    'nothing else does either: %s',
    async (path) => expect(await upgraded(path)).toMatch(/^HTTP\/1\.1 4\d\d /),
  );
});

describe('the files of the console', () => {
  const pages = ['/', '/workspaces', '/index.html', '/locale/en', '/platform/users', '/login'];
  it.each(pages)('%s is the page, which holds nothing of anybody', async (path) => {
    const { status, text, headers } = await ask('GET', path, 'text/html');
    expect(status).toBe(200);
    const policy = headers.get('content-security-policy') ?? '';
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
    expect(scripts).toMatch(/^'self' 'nonce-[A-Za-z0-9+/=]{20,}'$/);
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(/style-src ([^;]*)/.exec(policy)?.[1]).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).not.toMatch(/"token"|password":/);
    expect((await ask('GET', path, 'text/html')).headers.get('content-security-policy')).not.toBe(policy);
  });

  const nowhere = [
    '/metrics',
    '/debug/pprof',
    '/.env',
    '/package.json',
    '/freehold.db',
    '/kubeconfig',
    '/assets/../../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/assets/%2e%2e%5c%2e%2e%5cpackage.json',
    '//etc/passwd',
    '/assets%00.js',
    '/server-status',
  ];
  it.each(nowhere)('%s is not there', async (path) => {
    const { hostname, port } = new URL(platform.url);
    const text = await exchange(
      `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(text).toContain('"kind":"Status"');
  });
});

/** What comes back for bytes written as they are. */
function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(platform.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (part) => (text += String(part)));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}

const upgraded = (path: string): Promise<string> =>
  exchange(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
