import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { providerFetch } from './provider-fetch.ts';

let server: Server;
let url = '';
let visits: string[] = [];

const answers: Record<string, (response: ServerResponse) => void> = {
  '/plain': (response) => response.end('fine'),
  '/away': (response) => response.writeHead(302, { location: `${url}/plain` }).end(),
  '/huge': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  },
  '/silent': () => undefined,
  '/slow': (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    visits.push(request.url ?? '');
    answers[request.url ?? '']?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is never a pipe's name
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const patience = { timeoutMs: 300, maxBytes: 100_000 };
const ask = async (address: string, place = url): Promise<string> =>
  (await providerFetch({}, [place], patience)(address)).text();

describe('asking a provider', () => {
  it('answers what it says', async () => {
    expect(await ask(`${url}/plain`)).toBe('fine');
  });

  const failing: [why: string, path: string][] = [
    ['follows no redirect', '/away'],
    ['reads no answer without end', '/huge'],
    ['waits for no answer for ever', '/silent'],
    ['waits for no end of an answer for ever', '/slow'],
  ];
  it.each(failing)('%s', async (_why, path) => {
    visits = [];
    await expect(ask(url + path)).rejects.toThrow();
    expect(visits).toEqual([path]);
  });

  it('asks nothing nearer than the place that was named', async () => {
    visits = [];
    const { port } = new URL(url);
    const rows: [why: string, address: string, place: string][] = [
      ['this machine, by a provider of the Internet', `${url}/plain`, 'https://93.184.216.34'],
      ['this machine, by a provider in our network', `${url}/plain`, 'https://10.0.0.7'],
      ['this machine, by a name for it', `http://localhost:${port}/plain`, 'https://10.0.0.7'],
      ['this machine, written as a number', `http://2130706433:${port}/plain`, 'https://10.0.0.7'],
      ['this machine, written in IPv6', `http://[::ffff:127.0.0.1]:${port}/plain`, 'https://10.0.0.7'],
      ['this machine, by what Linux takes for it', `http://0.0.0.0:${port}/plain`, url],
      ['our network, by a provider of the Internet', 'http://10.0.0.7/plain', 'https://93.184.216.34'],
      ['credentials of a cloud, whoever sends there', 'http://169.254.169.254/latest/meta-data', url],
    ];
    for (const [why, address, place] of rows) {
      const failure = await ask(address, place).then(
        () => 'answered',
        (error: Error) => `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`, // undici wraps what a lookup throws
      );
      expect([why, failure]).toEqual([why, expect.stringContaining('nearer to this platform')]);
    }
    expect(visits).toEqual([]);
  });

  it('is not made for a place that is no provider’s', () => {
    for (const place of [
      'http://169.254.169.254',
      'https://[fe80::1]/realm',
      'http://0.0.0.0:8080',
      'http://2852039166',
    ])
      expect(() => providerFetch({}, [place])).toThrow(/nearer/);
  });

  it('asks this machine where its name was meant', async () => {
    const local = url.replace('127.0.0.1', 'localhost');
    expect(await ask(`${local}/plain`, local)).toBe('fine');
  });
});
