import 'reflect-metadata'; // the certificate library needs it, and does not bring it
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, both as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Pki {
  readonly ca: KeyPair;
  readonly server: KeyPair;
  /** For `kubernetes-admin` in `system:masters`. */
  readonly admin: KeyPair;
  /** Signs service account tokens. */
  readonly serviceAccountKey: string;
}

/** How everything of this authority is signed. */
export const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const yearMs = 365 * 86_400_000;
const renewBeforeMs = 30 * 86_400_000;

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

async function newKeys(): Promise<{ keys: webcrypto.CryptoKeyPair; key: string }> {
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  return { keys, key: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)) };
}

/** The two halves of a private key, given as PEM. */
export async function importKeys(key: string): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, signingAlgorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, signingAlgorithm, true, ['verify']),
  };
}

/** A serial number nobody has. */
export const newSerial = (): string =>
  Buffer.from(webcrypto.getRandomValues(new Uint8Array(8)))
    .toString('hex')
    .replace(/^[89a-f]/, '1');

async function makeCa(nowMs: number): Promise<KeyPair> {
  const { keys, key } = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: 'CN=embedded-kubernetes-ca',
    notBefore: new Date(nowMs - 3_600_000),
    notAfter: new Date(nowMs + 10 * yearMs),
    signingAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key };
}

interface Leaf {
  readonly subject: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  readonly names?: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[];
}

async function makeLeaf(ca: KeyPair, leaf: Leaf, nowMs: number): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(ca.cert);
  const { keys, key } = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: leaf.subject,
    issuer: issuer.subject,
    notBefore: new Date(nowMs - 3_600_000),
    notAfter: new Date(nowMs + yearMs),
    signingAlgorithm,
    publicKey: keys.publicKey,
    signingKey: (await importKeys(ca.key)).privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[leaf.usage]]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(leaf.names ? [new x509.SubjectAlternativeNameExtension([...leaf.names])] : []),
    ],
  });
  return { cert: `${certificate.toString('pem')}\n`, key };
}

const serviceNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'localhost',
];

function serverLeaf(host: string): Leaf {
  const ips = new Set(['127.0.0.1', '::1', '10.96.0.1']);
  const names = new Set(serviceNames);
  if (/^[\d.]+$|:/.test(host)) ips.add(host);
  else names.add(host);
  return {
    subject: 'CN=kube-apiserver',
    usage: 'serverAuth',
    names: [
      ...[...names].map((value) => ({ type: 'dns' as const, value })),
      ...[...ips].map((value) => ({ type: 'ip' as const, value })),
    ],
  };
}

/** True while a leaf of ours can still be used: signed by this authority, for this host, and not about to end. */
function isGood(pair: KeyPair, ca: KeyPair, check: { host?: string; nowMs: number }): boolean {
  const certificate = new x509.X509Certificate(pair.cert);
  const names =
    certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map((name) => name.value) ?? [];
  const issuer = new x509.X509Certificate(ca.cert).subject;
  const forHost = check.host === undefined || names.includes(check.host);
  return certificate.issuer === issuer && certificate.notAfter.getTime() - renewBeforeMs > check.nowMs && forHost;
}

/** Reads `name`.crt and `name`.key of the folder, or makes them; without a folder always makes them. */
async function keep(
  folder: string | undefined,
  name: string,
  from: { good(pair: KeyPair): boolean; make(): Promise<KeyPair> },
): Promise<KeyPair> {
  if (!folder) return from.make();
  const paths = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  if (existsSync(paths.cert) && existsSync(paths.key)) {
    const found = { cert: readFileSync(paths.cert, 'utf8'), key: readFileSync(paths.key, 'utf8') };
    if (from.good(found)) return found;
  }
  const made = await from.make();
  writeFileSync(paths.key, made.key, { mode: 0o600 });
  writeFileSync(paths.cert, made.cert, { mode: 0o600 });
  return made;
}

async function serviceAccountKey(folder: string | undefined): Promise<string> {
  const path = folder && join(folder, 'service-account.key');
  if (path && existsSync(path)) return readFileSync(path, 'utf8');
  const { key } = await newKeys();
  if (path) writeFileSync(path, key, { mode: 0o600 });
  return key;
}

/** The cluster's own certificate authority and what it has signed, kept in `folder` (0600) and renewed in time. */
export async function openPki(options: { folder?: string; host: string; nowMs: number }): Promise<Pki> {
  x509.cryptoProvider.set(webcrypto as never); // the browser's Crypto, which Node's types give another name
  const { folder, host, nowMs } = options;
  if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ca = await keep(folder, 'ca', { good: () => true, make: () => makeCa(nowMs) });
  const server = await keep(folder, 'apiserver', {
    good: (pair) => isGood(pair, ca, { host, nowMs }),
    make: () => makeLeaf(ca, serverLeaf(host), nowMs),
  });
  const admin = await keep(folder, 'admin', {
    good: (pair) => isGood(pair, ca, { nowMs }),
    make: () => makeLeaf(ca, { subject: 'O=system:masters, CN=kubernetes-admin', usage: 'clientAuth' }, nowMs),
  });
  return { ca, server, admin, serviceAccountKey: await serviceAccountKey(folder) };
}
