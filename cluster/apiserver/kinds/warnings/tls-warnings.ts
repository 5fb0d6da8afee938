import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ClusterObject } from '../../../client.ts';
import { fieldsIn, optionalText } from '../rules/set-default.ts';

interface Block {
  readonly type: string;
  readonly pem: string;
}

function blocksOf(text: string): Block[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g);
  return [...found].map(([pem, type = '']) => ({ type, pem }));
}

const listed = (blocks: readonly Block[]): string => `[${blocks.map(({ type }) => type).join(' ')}]`;
const isKey = ({ type }: Block): boolean => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY');

function problemOfCertificate(blocks: readonly Block[]): string | undefined {
  if (blocks.some(({ type }) => type === 'CERTIFICATE')) return undefined;
  const [first] = blocks;
  if (!first) return 'failed to find any PEM data in certificate input';
  if (blocks.length === 1 && isKey(first))
    return 'failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${listed(blocks)}`;
}

function problemOfKey(blocks: readonly Block[]): string | undefined {
  if (blocks.some(isKey)) return undefined;
  const [first] = blocks;
  if (!first) return 'failed to find any PEM data in key input';
  if (blocks.length === 1 && first.type === 'CERTIFICATE')
    return 'found a certificate rather than a key in the PEM for the private key';
  return `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${listed(blocks)}`;
}

function problemOfPair(certificate: string, key: string): string | undefined {
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(certificate);
  } catch {
    return undefined; // what is wrong inside of a certificate is said in words of Go's library
  }
  try {
    const own = createPrivateKey(key);
    if (own.asymmetricKeyType !== leaf.publicKey.asymmetricKeyType)
      return 'private key type does not match public key type';
    return leaf.checkPrivateKey(own) ? undefined : 'private key does not match public key';
  } catch {
    return 'failed to parse private key';
  }
}

const pemOf = (blocks: readonly Block[], fits: (block: Block) => boolean): string => blocks.find(fits)?.pem ?? '';

function problemOf(certificates: readonly Block[], keys: readonly Block[]): string | undefined {
  const problem = problemOfCertificate(certificates) ?? problemOfKey(keys);
  return (
    problem ??
    problemOfPair(
      pemOf(certificates, ({ type }) => type === 'CERTIFICATE'),
      pemOf(keys, isKey),
    )
  );
}

/** A warning about a TLS secret whose certificate and key are no pair. */
export function warnOfSecret(secret: ClusterObject): string[] {
  if (secret['type'] !== 'kubernetes.io/tls') return [];
  const data = fieldsIn(secret['data']);
  const read = (name: string): Block[] => blocksOf(Buffer.from(optionalText(data[name]), 'base64').toString());
  const problem = problemOf(read('tls.crt'), read('tls.key'));
  return problem ? [`tls: ${problem}`] : [];
}
