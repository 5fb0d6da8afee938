import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from '@kit/testing/programs';
import { vi } from 'vitest';

const [slapd, slapadd, openssl] = ['slapd', 'slapadd', 'openssl'].map(findProgram);

/** Whether Debian's slapd is installed: a real directory. */
export const hasSlapd = Boolean(slapd && slapadd && openssl);

export const suffix = 'dc=example,dc=org';
/** Who may read everything, within the limits of the directory. */
export const reader = { managerDN: `uid=reader,ou=robots,${suffix}`, managerPassword: 'reader-secret' };
/** The groups of `dave`: more than the directory answers at once. */
export const davesGroups = ['devs', ...Array.from({ length: 120 }, (_, n) => `group-${n + 1}`)];

const configuration = (folder: string): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCACertificateFile ${folder}/ca.crt
TLSCertificateFile ${folder}/server.crt
TLSCertificateKeyFile ${folder}/server.key
database mdb
suffix "${suffix}"
rootdn "cn=root,${suffix}"
rootpw root-secret
directory ${folder}/db
sizelimit size.soft=50 size.hard=50 size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
overlay ppolicy
ppolicy_default "cn=policy,${suffix}"
`;

const person = (uid: string, unit: string, more = `userPassword: ${uid}-secret\n`): string => `
dn: uid=${uid},ou=${unit},${suffix}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
displayName: The ${uid}
mail: ${uid}@example.org
${more}`;
const unit = (name: string): string => `\ndn: ou=${name},${suffix}\nobjectClass: organizationalUnit\nou: ${name}\n`;
const group = (name: string): string =>
  `\ndn: cn=${name},${suffix}\nobjectClass: groupOfNames\ncn: ${name}\nmember: uid=dave,ou=people,${suffix}\n`;
const policy = `
dn: cn=policy,${suffix}
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE
`;
const data = [
  `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\no: x\ndc: example\n`,
  ...['people', 'robots', 'more'].map(unit),
  ...['dave', 'erin', 'twin', 'triplet'].map((name) => person(name, 'people')),
  ...['twin', 'triplet', 'r2', 'reader'].map((name) => person(name, 'robots')),
  person('triplet', 'more'),
  person('blank', 'people', ''),
  person('locked', 'people', 'userPassword: locked-secret\npwdAccountLockedTime: 000001010000Z\n'),
  policy,
  ...davesGroups.map(group),
].join('');

/** An authority, and a certificate of it for the loopback address. */
function makeCertificates(folder: string): void {
  const file = (name: string): string => join(folder, name);
  const run = (...words: string[]): unknown => execFileSync(openssl ?? '', words, { stdio: 'pipe', cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=directory-ca', '-days', '1');
  run('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=directory');
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1');
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'names'];
  run('x509', '-req', '-in', 'server.csr', '-out', 'server.crt', ...by);
}

const connects = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(void socket.end()));
    socket.on('error', reject);
  });

export interface Directory {
  /** `host:port`, plain; and over TLS from the beginning. */
  readonly host: string;
  readonly secureUrl: string;
  /** The certificate of the authority that its own is of. */
  readonly ca: string;
  /** Kills it, and starts it again on the same ports. */
  kill(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a real slapd with people and groups, on free ports. */
export async function startDirectory(): Promise<Directory> {
  const folder = mkdtempSync(join(tmpdir(), 'slapd-'));
  mkdirSync(join(folder, 'db'));
  makeCertificates(folder);
  writeFileSync(join(folder, 'slapd.conf'), configuration(folder));
  writeFileSync(join(folder, 'data.ldif'), data);
  const config = ['-f', join(folder, 'slapd.conf')];
  execFileSync(slapadd ?? '', [...config, '-l', join(folder, 'data.ldif')], { stdio: 'pipe' });
  const [port, securePort] = [await freePort(), await freePort()];
  const [host, secureUrl] = [`127.0.0.1:${port}`, `ldaps://127.0.0.1:${securePort}`];
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(slapd ?? '', [...config, '-h', `ldap://${host} ${secureUrl}`, '-d', '0'], { stdio: 'ignore' });
    await vi.waitFor(() => connects(port), { timeout: 20_000, interval: 20 });
  };
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    if (server?.kill('SIGKILL')) await ended;
  };
  await start();
  return {
    host,
    secureUrl,
    ca: readFileSync(join(folder, 'ca.crt'), 'utf8'),
    kill,
    startAgain: start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
