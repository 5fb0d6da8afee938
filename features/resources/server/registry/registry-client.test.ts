import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isApiError } from '@kit/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outboundFetch } from '../outbound/outbound-fetch.ts';
import { RegistryClient } from './registry-client.ts';

const config = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { ExposedPorts: { '80/tcp': {} } } });
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const manifest = JSON.stringify({
  schemaVersion: 2,
  config: { digest: digestOf(config), size: config.length },
  layers: [],
});
const index = JSON.stringify({
  manifests: [
    { digest: digestOf('other'), platform: { os: 'linux', architecture: 'arm64' } },
    { digest: digestOf(manifest), platform: { os: 'linux', architecture: 'amd64' } },
  ],
});
const basic = `Basic ${Buffer.from('ann:secret').toString('base64')}`;

/** What stands beside the registry, for everybody. */
const asides: Readonly<Record<string, [status: number, body: string, headers?: Record<string, string>]>> = {
  '/elsewhere': [200, config],
  '/huge': [200, 'x'.repeat(5 << 20)],
  '/round': [302, '', { location: '/round' }],
  '/away': [302, '', { location: 'http://169.254.169.254/latest' }],
};

/** A registry as the specification has it: tokens by challenge, an image of many platforms, blobs behind a redirect. */
let registry: Server;
let host: string;
const tokensAsked: (string | undefined)[] = [];

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  const { authorization } = request.headers;
  const send = (status: number, body: string, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, headers).end(body);
  if (pathname === '/token') {
    tokensAsked.push(authorization);
    return send(authorization === basic ? 200 : 401, JSON.stringify({ token: 'granted' }));
  }
  const aside = asides[pathname];
  if (aside) return send(...aside);
  if (authorization !== 'Bearer granted')
    return send(401, '', { 'www-authenticate': `Bearer realm="http://${host}/token",service="here",scope="pull"` });
  const answers: Record<string, string> = {
    '/v2/': '{}',
    '/v2/acme/web/tags/list': JSON.stringify({ tags: ['1', '2'] }),
    '/v2/acme/web/manifests/1': index,
    [`/v2/acme/web/manifests/${digestOf(manifest)}`]: manifest,
    '/v2/acme/bad/manifests/1': manifest,
    [`/v2/acme/bad/blobs/${digestOf(config)}`]: 'something else',
  };
  if (pathname === `/v2/acme/web/blobs/${digestOf(config)}`) return send(307, '', { location: '/elsewhere' });
  const answer = answers[pathname];
  return answer === undefined ? send(404, '{}') : send(200, answer);
}

beforeAll(async () => {
  registry = createServer(serve);
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`; // it listens on TCP
});
afterAll(() => registry.close());

const here = outboundFetch({ withLoopback: true });
const client = (password = 'secret'): RegistryClient =>
  new RegistryClient(here, { host, credential: { username: 'ann', password }, plain: true });

async function reasonOf(task: Promise<unknown>): Promise<string> {
  try {
    await task;
    return 'none';
  } catch (error) {
    return isApiError(error) ? error.reason : String(error);
  }
}

describe('a registry', () => {
  it('is asked with a token for the credential', async () => {
    await client().verify();
    expect(tokensAsked).toContain(basic);
    expect(await client().tags('acme/web')).toEqual(['1', '2']);
  });

  it('tells the configuration of an image, of many platforms that of Linux on amd64, behind a redirect', async () => {
    const image = await client().image({ registry: host, repository: 'acme/web', reference: '1' });
    expect(image.config).toEqual(JSON.parse(config));
    expect(image.manifest.schemaVersion).toBe(2);
  });

  const failures: readonly { ask: () => Promise<unknown>; reason: string; why: string }[] = [
    { ask: () => client('wrong').verify(), reason: 'BadRequest', why: 'another password' },
    { ask: () => client().tags('acme/none'), reason: 'NotFound', why: 'no such repository' },
    {
      ask: () => client().image({ registry: host, repository: 'acme/bad', reference: '1' }),
      reason: 'BadRequest',
      why: 'bytes that are not those of the digest',
    },
    {
      ask: () => new RegistryClient(here, { host: '127.0.0.1:1', plain: true }).verify(),
      reason: 'ServiceUnavailable',
      why: 'nobody there',
    },
  ];
  it.each(failures)('says $reason: $why', async ({ ask, reason }) => {
    expect(await reasonOf(ask())).toBe(reason);
  });
});

describe('outboundFetch', () => {
  const cases: readonly { url: () => string; why: string }[] = [
    { url: () => `http://${host}/v2/`, why: 'this machine' },
    { url: () => `http://localhost:${host.split(':')[1] ?? ''}/v2/`, why: 'this machine by a name' },
    { url: () => 'http://[::1]/', why: 'this machine in IPv6' },
    { url: () => 'http://2130706433/', why: 'this machine as a number' },
    { url: () => 'http://169.254.169.254/latest/meta-data', why: 'where a cloud gives credentials' },
    { url: () => 'file:///etc/passwd', why: 'a file' },
  ];
  it.each(cases)('connects to no $why', async ({ url }) => {
    expect(await reasonOf(outboundFetch()(url()))).toBe('BadRequest');
  });

  it.each(['/away', '/round', '/huge'])('goes not along with %s', async (path) => {
    expect(await reasonOf(here(`http://${host}${path}`))).toBe('BadRequest');
  });
});
