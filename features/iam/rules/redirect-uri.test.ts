import { describe, expect, it } from 'vitest';
import { isRegistered, redirectProblem } from './redirect-uri.ts';

describe('isRegistered', () => {
  const app = 'https://app.example.com/callback';
  const rows: [why: string, registered: string, uri: string, is: boolean][] = [
    ['the same', app, app, true],
    ['another host', app, 'https://evil.example.com/callback', false],
    ['a longer path', app, `${app}/more`, false],
    ['a query more', app, `${app}?next=https://evil.example`, false],
    ['another case of the path', app, 'https://app.example.com/Callback', false],
    ['a host that begins the same', app, 'https://app.example.com.evil.example/callback', false],
    ['a user in front of another host', app, 'https://app.example.com@evil.example/callback', false],
    ['plain http', app, 'http://app.example.com/callback', false],
    ['a port of loopback', 'http://127.0.0.1/cb', 'http://127.0.0.1:18000/cb', true],
    ['a port of loopback, another path', 'http://127.0.0.1/cb', 'http://127.0.0.1:18000/other', false],
    ['a registered port is that port', 'http://localhost:8000', 'http://localhost:8001', false],
    ['localhost is not 127.0.0.1', 'http://localhost/cb', 'http://127.0.0.1:8000/cb', false],
    ['a user before loopback', 'http://127.0.0.1/cb', 'http://127.0.0.1:1@evil.example/cb', false],
    ['a dotted path', 'http://127.0.0.1/cb', 'http://127.0.0.1:8000/x/../cb', false],
    ['not an address', app, 'javascript:alert(1)', false],
    ['nothing', app, '', false],
  ];
  it.each(rows)('%s', (_why, ...[registered, uri, is]) => {
    expect(isRegistered([registered], uri)).toBe(is);
  });
});

describe('redirectProblem', () => {
  const rows: [uri: string, isGood: boolean][] = [
    ['https://app.example.com/callback', true],
    ['http://localhost:8000', true],
    ['http://[::1]/cb', true],
    ['com.example.app:/callback', true],
    ['http://app.example.com/callback', false],
    ['https://*.example.com/callback', false],
    ['*', false],
    ['https://app.example.com/#top', false],
    ['https://user:pass@app.example.com/', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['/callback', false],
  ];
  it.each(rows)('%s', (uri, isGood) => {
    expect(redirectProblem(uri) === undefined).toBe(isGood);
  });
});
