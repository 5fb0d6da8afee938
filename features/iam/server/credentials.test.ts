import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { credentialOf } from './credentials.ts';

function request(method: string, headers: Record<string, string>): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = method;
  message.headers = headers;
  message.rawHeaders = Object.entries(headers).flat();
  return message;
}

const cookie = { cookie: 'theme=dark; freehold-session=abc', host: 'console.example:8080' };
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('credentialOf', () => {
  const rows: [
    why: string,
    method: string,
    headers: Record<string, string>,
    expected: object | 'Unauthorized' | 'Forbidden',
  ][] = [
    ['nobody', 'GET', {}, { by: 'none' }],
    ['a token', 'POST', { authorization: 'Bearer x.y.z' }, { by: 'bearer', token: 'x.y.z' }],
    [
      'a password with colons',
      'GET',
      { authorization: basic('jane:a:b') },
      { by: 'basic', username: 'jane', password: 'a:b' },
    ],
    ['an unknown scheme', 'GET', { authorization: 'Digest x' }, 'Unauthorized'],
    ['an empty bearer', 'GET', { authorization: 'Bearer ' }, 'Unauthorized'],
    ['a header before the cookie', 'GET', { ...cookie, authorization: 'Bearer t' }, { by: 'bearer', token: 't' }],
    ['a cookie that reads', 'GET', cookie, { by: 'cookie', value: 'abc' }],
    [
      'a cookie that writes from our page',
      'POST',
      { ...cookie, origin: 'http://console.example:8080' },
      { by: 'cookie', value: 'abc' },
    ],
    ['by the browser’s word', 'PUT', { ...cookie, 'sec-fetch-site': 'same-origin' }, { by: 'cookie', value: 'abc' }],
    ['from another page', 'POST', { ...cookie, origin: 'http://evil.example' }, 'Forbidden'],
    ['from another port', 'POST', { ...cookie, origin: 'http://console.example:9090' }, 'Forbidden'],
    [
      'from a sister site',
      'POST',
      { ...cookie, origin: 'http://console.example:8080', 'sec-fetch-site': 'same-site' },
      'Forbidden',
    ],
    ['from nowhere we know', 'DELETE', cookie, 'Forbidden'],
    ['from a page without origin', 'POST', { ...cookie, origin: 'null' }, 'Forbidden'],
    [
      'a connection from another page',
      'GET',
      { ...cookie, upgrade: 'websocket', origin: 'http://evil.example' },
      'Forbidden',
    ],
    [
      'a connection from our page',
      'GET',
      { ...cookie, upgrade: 'websocket', origin: 'http://console.example:8080' },
      { by: 'cookie', value: 'abc' },
    ],
  ];
  it.each(rows)('%s: %s', (_why, ...[method, headers, expected]) => {
    const read = (): object => credentialOf(request(method, headers));
    if (typeof expected === 'string') expect(read).toThrow(expect.objectContaining({ reason: expected }));
    else expect(read()).toEqual(expected);
  });

  it('takes no second Authorization header', () => {
    const message = request('GET', { authorization: 'Bearer a' });
    message.rawHeaders = ['Authorization', 'Bearer a', 'authorization', 'Bearer b'];
    expect(() => credentialOf(message)).toThrow(expect.objectContaining({ reason: 'Unauthorized' }));
  });
});
