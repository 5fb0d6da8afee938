import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateRequest } from './certificate-request.ts';

describe('certificateRequest', () => {
  const rows: [why: string, name: string][] = [
    ['a short name', 'jane'],
    ['letters of more than one byte', 'zoë'],
    ['a name whose request is longer than 255 bytes', 'a'.repeat(200)],
  ];
  it.each(rows)('is one that openssl verifies: %s', (_why, name) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const text = execFileSync('openssl', ['req', '-verify', '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus'], {
      input: certificateRequest(name, privateKey),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    expect(text).toContain(name);
  });
});
