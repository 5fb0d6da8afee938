import { describe, expect, it } from 'vitest';
import { readAuthorizeRequest } from './authorize-request.ts';
import type { AuthorizeParameters } from './authorize-request.ts';
import type { OAuthClient } from './sign-in-settings.ts';

const open: OAuthClient = { name: 'cli', redirectURIs: [], grantMethod: 'auto' };
const closed: OAuthClient = { ...open, name: 'app', secret: 's' };
const challenge = 'A'.repeat(43);
const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
const code = { response_type: 'code' };

const rows: [why: string, client: OAuthClient, parameters: AuthorizeParameters, expected: string][] = [
  ['a public client with PKCE', open, { ...code, ...pkce }, 'openid'],
  ['a public client without', open, code, 'invalid_request'],
  ['a client with a secret may go without', closed, code, 'openid'],
  ['a plain challenge', closed, { ...code, ...pkce, code_challenge_method: 'plain' }, 'invalid_request'],
  ['a challenge without a method', closed, { ...code, code_challenge: challenge }, 'invalid_request'],
  ['a challenge that is none', closed, { ...code, ...pkce, code_challenge: 'x' }, 'invalid_request'],
  ['a token in the address', closed, { response_type: 'token' }, 'unsupported_response_type'],
  ['no type', closed, {}, 'unsupported_response_type'],
  ['a silent sign-in', closed, { ...code, prompt: 'none' }, 'interaction_required'],
  ['scopes', closed, { ...code, scope: 'openid email api' }, 'openid email api'],
  ['a scope that is none', closed, { ...code, scope: 'openid root' }, 'invalid_scope'],
  ['a scope kept from it', { ...closed, scopeRestrictions: ['openid'] }, { ...code, scope: 'api' }, 'invalid_scope'],
  ['a client that gets nothing', { ...closed, grantMethod: 'deny' }, code, 'access_denied'],
];

describe('readAuthorizeRequest', () => {
  it.each(rows)('%s', (_why, ...[client, parameters, expected]) => {
    const answer = readAuthorizeRequest(client, parameters);
    expect('error' in answer ? answer.error : answer.scopes.join(' ')).toBe(expected);
  });
});
