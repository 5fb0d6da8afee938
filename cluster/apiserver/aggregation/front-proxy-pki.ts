import 'reflect-metadata'; // the certificate library needs it, and does not bring it
import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { newSerial, signingAlgorithm } from '../auth/certificates.ts';
import type { KeyPair } from '../auth/certificates.ts';

/** How aggregated API servers know that a request comes from this one: its client certificate, and who signed it. */
export interface FrontProxyPki {
  readonly caPem: string;
  readonly client: KeyPair;
}

/** The common name aggregated API servers are told to accept. */
export const frontProxyName = 'front-proxy-client';

const yearMs = 365 * 86_400_000;

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${(der.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`;
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);

/** The authority signs this one certificate and is forgotten: a new pair is made where the old one ends. */
async function make(nowMs: number): Promise<FrontProxyPki> {
  const dates = { notBefore: new Date(nowMs - 3_600_000), notAfter: new Date(nowMs + 10 * yearMs) };
  const authority = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: 'CN=front-proxy-ca',
    ...dates,
    signingAlgorithm,
    keys: authority,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const own = await newKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${frontProxyName}`,
    issuer: ca.subject,
    ...dates,
    signingAlgorithm,
    publicKey: own.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return {
    caPem: `${ca.toString('pem')}\n`,
    client: { cert: `${leaf.toString('pem')}\n`, key: await pemOf(own.privateKey) },
  };
}

/** Reads the certificates of `folder` or makes them; without a folder always makes them. `openPki` comes first. */
export async function openFrontProxyPki(nowMs: number, folder?: string): Promise<FrontProxyPki> {
  if (!folder) return make(nowMs);
  const at = (file: string): string => join(folder, file);
  const [ca, cert, key] = ['front-proxy-ca.crt', 'front-proxy-client.crt', 'front-proxy-client.key'].map(at) as [
    string,
    string,
    string,
  ]; // three names give three paths
  if ([ca, cert, key].every(existsSync)) {
    const [caPem, certPem, keyPem] = [ca, cert, key].map((path) => readFileSync(path, 'utf8')) as [
      string,
      string,
      string,
    ]; // as above
    if (new x509.X509Certificate(certPem).notAfter.getTime() - yearMs > nowMs)
      return { caPem, client: { cert: certPem, key: keyPem } };
  }
  const made = await make(nowMs);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [path, text] of [
    [key, made.client.key],
    [cert, made.client.cert],
    [ca, made.caPem],
  ] as const)
    writeFileSync(path, text, { mode: 0o600 });
  return made;
}
