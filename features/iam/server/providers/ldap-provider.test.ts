import { isApiError } from '@kit/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { davesGroups, hasSlapd, reader, startDirectory, suffix } from '../../test/counterparts/slapd.ts';
import type { Directory } from '../../test/counterparts/slapd.ts';
import { ldapProvider } from './ldap-provider.ts';

describe.skipIf(!hasSlapd)('a directory (real slapd; skipped where it is not installed)', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await startDirectory();
  }, 60_000);
  afterAll(() => directory.stop());

  const base = { ...reader, userSearchBase: suffix, loginAttribute: 'uid' };
  const settings = () => ({ ...base, host: directory.host });
  const dave = { uid: 'dave', username: 'dave', email: 'dave@example.org', displayName: 'The dave', groups: [] };

  it('proves a password, and says who the user is', async () => {
    expect(await ldapProvider(settings()).signIn('dave', 'dave-secret')).toEqual(dave);
  });

  it('says which groups list the user, by DN and by name, also more of them than it answers at once', async () => {
    const identity = await ldapProvider({ ...settings(), groupSearchBase: suffix }).signIn('dave', 'dave-secret');
    const all = davesGroups.flatMap((name) => [`cn=${name},${suffix}`, name]);
    expect([...(identity?.groups ?? [])].sort()).toEqual(all.sort());
    const narrow = { ...settings(), groupSearchBase: suffix, groupSearchFilter: 'cn=devs' };
    expect((await ldapProvider(narrow).signIn('dave', 'dave-secret'))?.groups).toEqual([`cn=devs,${suffix}`, 'devs']);
  });

  const secured: [why: string, more: () => object][] = [
    ['over TLS from the beginning', () => ({ host: directory.secureUrl, rootCAData: directory.ca })],
    ['over TLS begun later', () => ({ startTLS: true, rootCAData: directory.ca })],
    [
      'with the authority in base64',
      () => ({ startTLS: true, rootCAData: Buffer.from(directory.ca).toString('base64') }),
    ],
    [
      'over TLS that is not verified, where so configured',
      () => ({ host: directory.secureUrl, insecureSkipVerify: true }),
    ],
  ];
  it.each(secured)('is asked %s', async (_why, more) => {
    expect(await ldapProvider({ ...settings(), ...more() }).signIn('dave', 'dave-secret')).toEqual(dave);
  });

  const nobody: [why: string, username: string, password: string, more: object][] = [
    ['a wrong password', 'dave', 'no', {}],
    ['no password, which a directory takes for a bind as nobody', 'dave', '', {}],
    ['no name', '', 'dave-secret', {}],
    ['an unknown name', 'nobody', 'dave-secret', {}],
    ['a name that is a pattern', 'dav*', 'dave-secret', {}],
    ['a name that is a filter', 'dave)(uid=*', 'dave-secret', {}],
    ['a name with a zero byte', 'dave\u0000', 'dave-secret', {}],
    ['the DN instead of the name', `uid=dave,ou=people,${suffix}`, 'dave-secret', {}],
    ['a name that two entries have', 'twin', 'twin-secret', {}],
    ['a name that more entries have than were asked for', 'triplet', 'triplet-secret', {}],
    ['an entry without a password', 'blank', 'blank-secret', {}],
    ['an account that the directory has locked', 'locked', 'locked-secret', {}],
    ['one whom the filter leaves out', 'r2', 'r2-secret', { userSearchFilter: '(mail=dave@*)' }],
    ['one outside of the base', 'r2', 'r2-secret', { userSearchBase: `ou=people,${suffix}` }],
  ];
  it.each(nobody)('is nobody by %s', async (_why, ...[username, password, more]) => {
    expect(await ldapProvider({ ...settings(), ...more }).signIn(username, password)).toBeUndefined();
  });

  const failing: [why: string, more: () => object][] = [
    ['a manager it refuses', () => ({ managerPassword: 'wrong' })],
    ['a base that is not there', () => ({ userSearchBase: 'dc=elsewhere' })],
    ['no server', () => ({ host: '127.0.0.1:1' })],
    ['a certificate of an authority that nobody named', () => ({ startTLS: true })],
    ['the same, from the beginning', () => ({ host: directory.secureUrl })],
    ['an address of a cloud’s own services', () => ({ host: '169.254.169.254:389', readTimeout: 200 })],
  ];
  it.each(failing)('says that it cannot be asked: %s', async (_why, more) => {
    const failure: unknown = await ldapProvider({ ...settings(), ...more() })
      .signIn('dave', 'dave-secret')
      .catch((error: unknown) => error);
    expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
  });

  it('is not made of half a filter', () => {
    for (const filter of ['(uid=', '(a=b)(c=d)', ')(uid=*', '(uid=*))(|(uid=*'])
      expect(() => ldapProvider({ ...settings(), userSearchFilter: filter })).toThrow(/userSearchFilter/);
  });
});
