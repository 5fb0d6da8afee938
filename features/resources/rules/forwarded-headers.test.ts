import { describe, expect, it } from 'vitest';
import { answerHeaders, requestHeaders, upgradeHeaders } from './forwarded-headers.ts';

const forged: readonly { name: string; why: string }[] = [
  { name: 'authorization', why: "the caller's token is for the platform, not for the cluster" },
  { name: 'cookie', why: 'a session of the console' },
  { name: 'impersonate-user', why: 'our credential may impersonate anyone' },
  { name: 'impersonate-group', why: 'likewise' },
  { name: 'impersonate-extra-scopes', why: 'likewise' },
  { name: 'x-remote-user', why: 'an aggregated server believes it' },
  { name: 'x-forwarded-for', why: 'the audit log would believe it' },
  { name: 'forwarded', why: 'likewise' },
  { name: 'connection', why: 'belongs to this hop' },
  { name: 'x-kubesphere-authorization', why: 'KubeSphere moves credentials there' },
];

describe('what reaches the cluster', () => {
  it.each(forged)('never $name: $why', ({ name }) => {
    expect(requestHeaders({ [name]: 'x' })).toEqual({});
    expect(upgradeHeaders({ [name]: 'x' })).toEqual({ accept: '*/*' });
  });

  it('keeps what the request is about', () => {
    const headers = { accept: 'application/json', 'content-type': 'application/apply-patch+yaml' };
    expect(requestHeaders(headers)).toEqual(headers);
  });

  it('keeps sub-protocols, but not the one that carries a token', () => {
    const protocol = 'v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.c2VjcmV0';
    const kept = upgradeHeaders({ upgrade: 'websocket', 'sec-websocket-protocol': protocol });
    expect(kept).toEqual({ accept: '*/*', upgrade: 'websocket', 'sec-websocket-protocol': 'v5.channel.k8s.io' });
  });
});

describe('what comes back', () => {
  it('keeps warnings, and sets no cookie for the console', () => {
    const kept = answerHeaders({ warning: ['299 - "old"'], 'set-cookie': ['a=b'], Connection: 'close' });
    expect(kept['warning']).toEqual(['299 - "old"']);
    expect(kept['set-cookie']).toBeUndefined();
    expect(kept['connection']).toBeUndefined();
  });

  it('puts a page that a pod serves into a sandbox, whatever it says itself', () => {
    expect(answerHeaders({ 'content-security-policy': 'none' })['content-security-policy']).toContain('sandbox');
  });
});
