import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isApiError } from '@kit/base';
import { findProgram, freePort } from '@kit/testing/programs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ldapProvider } from './ldap-provider.ts';

const slapd = findProgram('slapd');
const slapadd = findProgram('slapadd');
const suffix = 'dc=example,dc=org';
const manager = { managerDN: `cn=manager,${suffix}`, managerPassword: 'manager-secret' };

const configuration = (folder: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "${suffix}"
rootdn "${manager.managerDN}"
rootpw ${manager.managerPassword}
directory ${folder}/db
`;

const person = (uid: string, unit: string): string => `
dn: uid=${uid},ou=${unit},${suffix}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
displayName: The ${uid}
mail: ${uid}@example.org
userPassword: ${uid}-secret
`;
const unit = (name: string): string => `\ndn: ou=${name},${suffix}\nobjectClass: organizationalUnit\nou: ${name}\n`;
const data = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: x\ndc: example\n`,
  ...['people', 'robots'].map(unit),
  ...[person('dave', 'people'), person('twin', 'people'), person('twin', 'robots'), person('r2', 'robots')],
  `\ndn: cn=devs,${suffix}\nobjectClass: groupOfNames\ncn: devs\nmember: uid=dave,ou=people,${suffix}\n`,
].join('');

const connects = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.end());
  });

describe.skipIf(!slapd || !slapadd)('a directory (real slapd; skipped where it is not installed)', () => {
  let folder = '';
  let host = '';
  let server: ChildProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slapd-'));
    mkdirSync(join(folder, 'db'));
    writeFileSync(join(folder, 'slapd.conf'), configuration(folder));
    writeFileSync(join(folder, 'data.ldif'), data);
    execFileSync(slapadd ?? '', ['-f', join(folder, 'slapd.conf'), '-l', join(folder, 'data.ldif')]);
    const port = await freePort();
    host = `127.0.0.1:${port}`;
    server = spawn(slapd ?? '', ['-f', join(folder, 'slapd.conf'), '-h', `ldap://${host}`, '-d', '0'], {
      stdio: 'ignore',
    });
    await vi.waitFor(async () => expect(await connects(port)).toBe(true), { timeout: 20_000 });
  }, 60_000);
  afterAll(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = { ...manager, userSearchBase: suffix, loginAttribute: 'uid', groupSearchBase: suffix };

  it('proves a password, and says who the user is and which groups list them', async () => {
    const provider = ldapProvider({ ...settings, host });
    const devs = `cn=devs,${suffix}`;
    const dave = { uid: 'dave', username: 'dave', email: 'dave@example.org', displayName: 'The dave' };
    expect(await provider.signIn('dave', 'dave-secret')).toEqual({ ...dave, groups: [devs, 'devs'] });
  });

  const nobody: [why: string, username: string, password: string, more: object][] = [
    ['a wrong password', 'dave', 'no', {}],
    ['no password, which a directory takes for a bind as nobody', 'dave', '', {}],
    ['no name', '', 'dave-secret', {}],
    ['a name that is a pattern', 'dav*', 'dave-secret', {}],
    ['a name that is a filter', 'dave)(uid=*', 'dave-secret', {}],
    ['a name that two entries have', 'twin', 'twin-secret', {}],
    ['one whom the filter leaves out', 'r2', 'r2-secret', { userSearchFilter: '(mail=dave@*)' }],
    ['one outside of the base', 'r2', 'r2-secret', { userSearchBase: `ou=people,${suffix}` }],
  ];
  it.each(nobody)('is nobody by %s', async (_why, ...[username, password, more]) => {
    expect(await ldapProvider({ ...settings, host, ...more }).signIn(username, password)).toBeUndefined();
  });

  const failing: [why: string, more: object][] = [
    ['a manager it refuses', { managerPassword: 'wrong' }],
    ['no server', { host: '127.0.0.1:1' }],
    ['TLS it does not speak', { startTLS: true }],
  ];
  it.each(failing)('says that it cannot be asked: %s', async (_why, more) => {
    const failure: unknown = await ldapProvider({ ...settings, host, ...more })
      .signIn('dave', 'dave-secret')
      .catch((error: unknown) => error);
    expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
  });
});
