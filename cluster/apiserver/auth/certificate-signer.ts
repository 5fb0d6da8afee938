import 'reflect-metadata'; // the certificate library needs it, and does not bring it
import * as x509 from '@peculiar/x509';
import { importKeys, newSerial, signingAlgorithm } from './certificates.ts';
import type { KeyPair } from './certificates.ts';

/** A request that was approved, and what its certificate is to be good for. */
export interface CertificateOrder {
  /** PEM. */
  readonly request: string;
  readonly usages: readonly string[];
  readonly lifetimeMs: number;
}

/** Makes certificates of the cluster's authority, as PEM. */
export type SignCertificate = (order: CertificateOrder) => Promise<string>;

const minuteMs = 60_000;
/** Clocks differ: a certificate is good from a little before it was made. */
const backdateMs = 5 * minuteMs;
/** Whoever asks for less than this gets all of it from now on. */
const shortMs = 8 * 60 * minuteMs;

const keyUsages: Readonly<Record<string, x509.KeyUsageFlags>> = {
  signing: x509.KeyUsageFlags.digitalSignature,
  'digital signature': x509.KeyUsageFlags.digitalSignature,
  'content commitment': x509.KeyUsageFlags.nonRepudiation,
  'key encipherment': x509.KeyUsageFlags.keyEncipherment,
  'key agreement': x509.KeyUsageFlags.keyAgreement,
  'data encipherment': x509.KeyUsageFlags.dataEncipherment,
  'cert sign': x509.KeyUsageFlags.keyCertSign,
  'crl sign': x509.KeyUsageFlags.cRLSign,
  'encipher only': x509.KeyUsageFlags.encipherOnly,
  'decipher only': x509.KeyUsageFlags.decipherOnly,
};

const extendedUsages: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

/** The other names a request asks for, if any. */
export function alternativeNames(
  request: x509.Pkcs10CertificateRequest,
): x509.SubjectAlternativeNameExtension | undefined {
  return request.extensions.find((one) => one instanceof x509.SubjectAlternativeNameExtension);
}

async function extensionsOf(
  request: x509.Pkcs10CertificateRequest,
  usages: readonly string[],
  authority: x509.X509Certificate,
): Promise<x509.Extension[]> {
  const flags = usages.reduce((all, usage) => all | (keyUsages[usage] ?? 0), 0);
  const extended = [...new Set(usages.flatMap((usage) => extendedUsages[usage] ?? []))];
  const names = alternativeNames(request);
  return [
    ...(flags ? [new x509.KeyUsagesExtension(flags, true)] : []),
    ...(extended.length > 0 ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
    new x509.BasicConstraintsExtension(false, undefined, true),
    await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ...(names
      ? [
          new x509.SubjectAlternativeNameExtension(
            names.names.items.map(({ type, value }) => ({ type, value })),
            names.critical,
          ),
        ]
      : []),
  ];
}

/** The signer of an authority. Throws when the request was not signed by the key it is for. */
export function certificateSigner(ca: KeyPair, now: () => number): SignCertificate {
  return async ({ request: pem, usages, lifetimeMs }) => {
    const request = new x509.Pkcs10CertificateRequest(pem);
    if (!(await request.verify())) throw new Error('the request is not signed by its own key');
    const authority = new x509.X509Certificate(ca.cert);
    const notBeforeMs = now() - backdateMs;
    const wantedMs = lifetimeMs < shortMs ? now() + lifetimeMs : notBeforeMs + lifetimeMs;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerial(),
      subject: request.subjectName,
      issuer: authority.subject,
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(Math.min(wantedMs, authority.notAfter.getTime())),
      signingAlgorithm,
      publicKey: request.publicKey,
      signingKey: (await importKeys(ca.key)).privateKey,
      extensions: await extensionsOf(request, usages, authority),
    });
    return `${certificate.toString('pem')}\n`;
  };
}
