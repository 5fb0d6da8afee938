import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, silentLogger, systemClock } from '@kit/base';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from './create-http.ts';
import type { HttpServer } from './create-http.ts';
import { JsonBytes, Reply, defineRoute } from './route.ts';

const rbac = { permission: { by: 'rbac' }, scope: 'platform', tag: 'Test', summary: 'For this test.' } as const;
const open = { ...rbac, permission: { by: 'open', why: 'nothing to see' } } as const;

const routes = [
  defineRoute({
    ...rbac,
    method: 'POST',
    path: '/things/{name}',
    params: Type.Object({ name: Type.String({ maxLength: 20 }) }),
    query: Type.Object({ count: Type.Integer({ minimum: 1, default: 1 }) }, { additionalProperties: false }),
    body: Type.Object({ spec: Type.Object({ size: Type.Number() }) }),
    responses: { 201: Type.Object({ name: Type.String(), size: Type.Number(), count: Type.Integer() }) },
    handle: ({ params, query, body }) => ({ name: params.name, size: body.spec.size, count: query.count }),
  }),
  defineRoute({
    ...rbac,
    method: 'GET',
    path: '/things/{name}',
    responses: { 200: Type.Object({ ok: Type.Boolean() }) },
    handle: () => ({ ok: 'no' }),
  }),
  defineRoute({
    ...open,
    method: 'GET',
    path: '/bytes',
    responses: { 200: Type.Object({}) },
    handle: () => new JsonBytes(Buffer.from('{"a":1}')),
  }),
  defineRoute({
    ...open,
    method: 'GET',
    path: '/bug',
    responses: { 200: Type.Object({}) },
    handle: () => JSON.parse('secret detail') as unknown,
  }),
  defineRoute({
    ...open,
    method: 'GET',
    path: '/teapot',
    responses: { 200: Type.Object({}) },
    handle: () => new Reply(418, {}, { 'x-kind': 'tea' }),
  }),
  defineRoute({
    ...open,
    method: 'POST',
    path: '/form',
    form: true,
    body: Type.Object({ n: Type.Integer() }),
    responses: { 200: Type.Object({ n: Type.Integer() }) },
    handle: ({ body }) => body,
  }),
];

let server: HttpServer;
let allowed = true;
const auth = { authorization: 'Bearer jane' };

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kit-http-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<script nonce="__CSP_NONCE__" src="/assets/app-0a1b2c3d.js"></script>');
  await writeFile(join(dir, 'assets/app-0a1b2c3d.js'), 'console.log(1)');
  await writeFile(join(dir, 'assets/big-0a1b2c3d.js'), 'console.log(1);'.repeat(1000));
  server = createHttp({
    info: { title: 'Test', version: '1' },
    routes,
    mounts: [
      {
        ...rbac,
        prefix: '/raw',
        handle: (request, response, { user, signal }) => {
          response.writeHead(200, { 'content-type': 'text/plain' });
          response.write(`${user.name} ${request.method}\n`);
          if (request.url === '/raw/stay') signal.addEventListener('abort', () => response.end('bye\n'));
          else request.pipe(response);
        },
      },
    ],
    upgrades: [
      {
        ...rbac,
        prefix: '/raw',
        handle: ({ socket }, { user, signal }) => {
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello ${user.name}\n`,
          );
          signal.addEventListener('abort', () => socket.end(`${(signal.reason as ApiError).reason}\n`));
        },
      },
    ],
    authenticate: async ({ headers }) => {
      if (headers.authorization === undefined) return { name: 'anonymous', groups: [] };
      if (headers.authorization !== auth.authorization) throw new ApiError('Unauthorized', 'no such token');
      return { name: 'jane', groups: [] };
    },
    authorize: ({ user }) => {
      if (user.name !== 'jane' || !allowed) throw new ApiError('Forbidden', `${user.name} may not`);
    },
    isAnonymous: (user) => user.name === 'anonymous',
    host: '127.0.0.1',
    port: 0,
    log: silentLogger,
    clock: systemClock,
    staticDir: dir,
    bodyLimitBytes: 1000,
    recheckMs: 20,
    checkResponses: true,
  });
  await server.start?.();
});
afterAll(() => server.stop?.());

const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(server.url + path, init);
const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  call(path, { method: 'POST', body, headers: { ...auth, 'content-type': 'application/json', ...headers } });
const good = JSON.stringify({ spec: { size: 2 }, unknown: 1 });

describe('what a route answers', () => {
  const rows: { why: string; ask: () => Promise<Response>; code: number; reason?: string; fields?: string[] }[] = [
    { why: 'a valid request', ask: () => post('/things/a?count=3', good), code: 201 },
    {
      why: 'YAML bodies too',
      ask: () => post('/things/a', 'spec: {size: 1}', { 'content-type': 'application/yaml' }),
      code: 201,
    },
    {
      why: 'every wrong field is named',
      ask: () => post('/things/a', '{"spec":{}}'),
      code: 422,
      reason: 'Invalid',
      fields: ['spec.size'],
    },
    {
      why: 'a wrong query',
      ask: () => post('/things/a?count=0&odd=1', good),
      code: 422,
      reason: 'Invalid',
      fields: ['odd', 'count'],
    },
    {
      why: 'a query given twice is no number',
      ask: () => post('/things/a?count=1&count=2', good),
      code: 422,
      reason: 'Invalid',
      fields: ['count'],
    },
    {
      why: 'a wrong path parameter',
      ask: () => post(`/things/${'x'.repeat(21)}`, good),
      code: 422,
      reason: 'Invalid',
      fields: ['name'],
    },
    { why: 'broken JSON', ask: () => post('/things/a', '{"spec":'), code: 400, reason: 'BadRequest' },
    {
      why: 'prototype pollution',
      ask: () => post('/things/a', '{"spec":{"size":1,"__proto__":{}}}'),
      code: 400,
      reason: 'BadRequest',
    },
    {
      why: 'no body at all',
      ask: () => call('/things/a', { method: 'POST', headers: auth }),
      code: 422,
      reason: 'Invalid',
      fields: ['body'],
    },
    {
      why: 'unknown media',
      ask: () => post('/things/a', 'x', { 'content-type': 'image/png' }),
      code: 415,
      reason: 'UnsupportedMediaType',
    },
    { why: 'too large', ask: () => post('/things/a', 'x'.repeat(2000)), code: 413, reason: 'RequestEntityTooLarge' },
    { why: 'nobody', ask: () => call('/things/a'), code: 403, reason: 'Forbidden' },
    {
      why: 'a bad token',
      ask: () => call('/things/a', { headers: { authorization: 'Bearer x' } }),
      code: 401,
      reason: 'Unauthorized',
    },
    {
      why: 'an open route looks at no token',
      ask: () => call('/bytes', { headers: { authorization: 'Bearer x' } }),
      code: 200,
    },
    { why: 'an answer beside its schema', ask: () => call('/things/a', { headers: auth }), code: 422 },
    { why: 'a bug tells nothing', ask: () => call('/bug'), code: 500, reason: 'InternalError' },
    { why: 'another status', ask: () => call('/teapot'), code: 418 },
    {
      why: 'a form',
      ask: () => post('/form', 'n=4', { 'content-type': 'application/x-www-form-urlencoded' }),
      code: 200,
    },
    { why: 'nothing there', ask: () => call('/nothing'), code: 404, reason: 'NotFound' },
    {
      why: 'a wrong method',
      ask: () => call('/things/a', { method: 'DELETE', headers: auth }),
      code: 405,
      reason: 'MethodNotAllowed',
    },
    { why: 'an encoded slash', ask: () => call('/things%2fa'), code: 400, reason: 'BadRequest' },
    { why: 'an empty part', ask: () => call('/things//a'), code: 400, reason: 'BadRequest' },
    { why: 'a broken escape', ask: () => call('/things/%zz'), code: 400, reason: 'BadRequest' },
  ];
  it.each(rows)('$why: $code', async ({ ask, code, reason, fields }) => {
    const response = await ask();
    const body = (await response.json()) as {
      reason?: string;
      message?: string;
      details?: { causes?: { field: string }[] };
    };
    expect({ code: response.status, reason: body.reason }).toEqual({ code, reason: reason ?? body.reason });
    if (fields) expect(body.details?.causes?.map(({ field }) => field).sort()).toEqual([...fields].sort());
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(JSON.stringify(body)).not.toContain('secret detail');
  });

  it('names the methods a path takes', async () => {
    const response = await call('/things/a', { method: 'DELETE', headers: auth });
    expect(response.headers.get('allow')).toBe('GET, POST');
  });
});

describe('streams', () => {
  it('leaves the body on the wire for a mount', async () => {
    const response = await post('/raw/echo?x=1', 'given', { 'content-type': 'anything/at-all' });
    expect(await response.text()).toBe('jane POST\ngiven');
  });

  it('admits before the handler', async () => {
    expect((await call('/raw/echo')).status).toBe(403);
    expect((await call('/raw/echo', { headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });

  it('ends an open stream when the right is gone', async () => {
    const response = await call('/raw/stay', { headers: auth });
    allowed = false;
    try {
      expect(await response.text()).toBe('jane GET\nbye\n');
    } finally {
      allowed = true;
    }
  });

  const upgrade = async (path: string, token: string): Promise<{ socket: Socket; text: () => string }> => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (bytes) => (text += String(bytes)));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n${token}\r\n`);
    await expect.poll(() => text).not.toBe('');
    return { socket, text: () => text };
  };

  it('refuses an upgrade without a token cleanly', async () => {
    expect((await upgrade('/raw/x', '')).text()).toMatch(/^HTTP\/1\.1 403 Forbidden[\s\S]+"reason":"Forbidden"/);
    expect((await upgrade('/raw/x', 'Authorization: Bearer x\r\n')).text()).toMatch(/^HTTP\/1\.1 401 /);
    expect((await upgrade('/bytes', 'Authorization: Bearer jane\r\n')).text()).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('closes an upgraded connection when the right is gone', async () => {
    const { text } = await upgrade('/raw/x', 'Authorization: Bearer jane\r\n');
    await expect.poll(text).toContain('hello jane');
    allowed = false;
    try {
      await expect.poll(text).toContain('Forbidden');
    } finally {
      allowed = true;
    }
  });
});

describe('the console', () => {
  it('answers any page address with the page and a fresh nonce', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => call('/workspaces/dev', { headers: { accept: 'text/html' } })),
    );
    const nonce = /nonce="([^"]+)"/.exec(await one!.text())?.[1]; // two requests, two answers
    expect(one!.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`); // as above
    expect(two!.headers.get('content-security-policy')).not.toContain(`'nonce-${nonce}'`); // as above
    expect(one!.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe-inline/); // as above
  });

  it('keeps hashed files for ever and nothing else', async () => {
    expect((await call('/assets/app-0a1b2c3d.js')).headers.get('cache-control')).toContain('immutable');
    expect((await call('/assets/none-0a1b2c3d.js')).status).toBe(404);
    expect((await call('/kapis/none', { headers: { accept: 'text/html' } })).status).toBe(404);
  });
});

describe('compression', () => {
  it('is for what is large, data or file', async () => {
    const accepts = { headers: { 'accept-encoding': 'gzip' } };
    const encodings = await Promise.all(
      ['/kapis/openapi.json', '/assets/big-0a1b2c3d.js', '/bytes'].map((path) => call(path, accepts)),
    );
    expect(encodings.map((answer) => answer.headers.get('content-encoding'))).toEqual(['gzip', 'gzip', null]);
  });
});

describe('the reference', () => {
  it('describes every route and is a page without foreign content', async () => {
    const document = (await (await call('/kapis/openapi.json')).json()) as { paths: Record<string, object> };
    for (const { path, method } of routes) expect(document.paths[path]).toHaveProperty(method.toLowerCase());
    const page = await call('/docs/api');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).not.toMatch(/(src|href)="https?:/);
  });
});
