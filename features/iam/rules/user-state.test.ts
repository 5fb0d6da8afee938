import { describe, expect, it } from 'vitest';
import { apiVersionOf, iamTypes, labels } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { stateAfter } from './user-state.ts';

const user = (
  password?: string,
  status?: UserObject['status'],
  userLabels: Record<string, string> = {},
): UserObject => ({
  apiVersion: apiVersionOf(iamTypes.users),
  kind: 'User',
  metadata: { name: 'jane', labels: userLabels },
  spec: { email: 'jane@example.com', ...(password === undefined ? {} : { password }) },
  ...(status ? { status } : {}),
});

describe('stateAfter', () => {
  const missing = 'no password has been set';
  const rows: [why: string, user: UserObject, expected: object | undefined][] = [
    ['a new user with a password may sign in', user('x'), { state: 'Active', reason: '' }],
    ['a new user without one may not', user(), { state: 'Disabled', reason: missing }],
    [
      'one of an identity provider needs none',
      user(undefined, undefined, { [labels.identityProvider]: 'ldap' }),
      { state: 'Active', reason: '' },
    ],
    [
      'who gets a password is let in',
      user('x', { state: 'Disabled', reason: missing }),
      { state: 'Active', reason: '' },
    ],
    ['who was disabled on purpose stays out', user('x', { state: 'Disabled' }), undefined],
    ['who is active stays so', user('x', { state: 'Active' }), undefined],
    ['who loses the password is shut out', user('', { state: 'Active' }), { state: 'Disabled', reason: missing }],
    ['a limited user is not let in early', user('x', { state: 'AuthLimitExceeded' }), undefined],
  ];
  it.each(rows)('%s', (_why, given, expected) => {
    expect(stateAfter(given)).toEqual(expected);
  });
});
