import { createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

// DER (X.690): a tag, a length, a content. Only what a certificate request (RFC 2986) is made of.
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes = length < 256 ? [length] : [length >> 8, length & 255];
  return Buffer.from([128 + bytes.length, ...bytes]);
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const commonName = Buffer.from([0x06, 3, 0x55, 0x04, 0x03]);
const ecdsaWithSha256 = Buffer.from([0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);
const version0 = Buffer.from([0x02, 1, 0]);
const noAttributes = Buffer.from([0xa0, 0]);
const noUnusedBits = Buffer.from([0]);

/** A request for a client certificate of this name, in PEM; the key is one of an elliptic curve. */
export function certificateRequest(name: string, privateKey: KeyObject): string {
  const subject = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name, 'utf8')))));
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const info = sequence(version0, subject, publicKey, noAttributes);
  const signature = der(0x03, noUnusedBits, sign('sha256', info, privateKey));
  const request = sequence(info, sequence(ecdsaWithSha256), signature);
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n');
}
