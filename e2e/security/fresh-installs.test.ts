import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '@kit/kube';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let one: TestPlatform;
let other: TestPlatform;
beforeAll(async () => {
  [one, other] = await Promise.all([startTestPlatform({ nodes: 0 }), startTestPlatform({ nodes: 0 })]);
}, 120_000);
afterAll(() => Promise.all([one.stop(), other.stop()]));

interface WithData {
  readonly data?: Record<string, string>;
}

async function secretsOf({ kube }: TestPlatform): Promise<Map<string, string>> {
  const { items } = await kube.list(kinds.secrets);
  const values = items.flatMap((item) =>
    Object.entries((item as WithData).data ?? {}).map(([key, value]): [string, string] => [
      `${item.metadata.namespace ?? ''}/${item.metadata.name}/${key}`,
      value,
    ]),
  ); // cast: a Secret
  return new Map(values);
}

/** The private keys in the files that hold some, in them as they are or in base64. */
function keyMaterial(folder: string): Set<string> {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /key|token|kubeconfig|password|pki|\.pem$|\.crt$/i.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'));
  const decoded = texts.flatMap((text) => [text, ...(text.match(/[A-Za-z0-9+/]{200,}={0,2}/g) ?? []).map(fromBase64)]);
  return new Set(decoded.flatMap((text) => text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+/g) ?? []));
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

describe('two fresh installations', () => {
  it('have different first passwords, which are long', () => {
    expect(one.password).not.toBe(other.password);
    expect(one.password.length).toBeGreaterThanOrEqual(12);
  });

  it('share no secret', async () => {
    const [mine, theirs] = await Promise.all([secretsOf(one), secretsOf(other)]);
    expect(mine.size).toBeGreaterThan(0);
    const shared = [...mine].filter(([, value]) => value.length > 15 && [...theirs.values()].includes(value));
    expect(shared.map(([name]) => name)).toEqual([]);
  });

  it('share no key in their folders', () => {
    const [mine, theirs] = [keyMaterial(one.dataDir), keyMaterial(other.dataDir)];
    expect(mine.size).toBeGreaterThan(0);
    expect([...mine].filter((text) => theirs.has(text))).toEqual([]);
  });

  it('keep their folders to themselves', () => {
    const open = readdirSync(one.dataDir, { recursive: true, encoding: 'utf8' })
      .filter((name) => /key|kubeconfig|token|password|\.db/.test(name))
      .filter((name) => {
        const path = join(one.dataDir, name);
        return (statSync(path).mode & 0o077) !== 0 && (statSync(one.dataDir).mode & 0o077) !== 0;
      });
    expect(open).toEqual([]);
  });

  it('take no token and no session of each other', async () => {
    const { token } = await one.signIn();
    const answer = await fetch(`${other.url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(401);
  });

  // What peers have shipped with, and what everybody tries first.
  const wellKnown: [username: string, secret: string][] = [
    ['admin', 'P@88w0rd'],
    ['admin', 'demo!@#admin'],
    ['admin', 'admin'],
    ['admin', 'password'],
    ['admin', 'Admin@123'],
    ['admin', ''],
    ['root', 'root'],
    ['system', 'system'],
    ['system:admin', 'admin'],
  ];
  it.each(wellKnown)('let nobody in as %s by "%s"', async (username, secret) => {
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'kubesphere', username, password: secret });
    const answer = await fetch(`${one.url}/oauth/token`, { method: 'POST', body: form });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toContain('access_token');
  });

  it('trust no key that was published with another product', async () => {
    // Signed with the key that KubeSphere 3 comes with when nobody sets one, and with an empty one.
    const { createHmac } = await import('node:crypto');
    for (const key of ['', 'secret', 'D2nV2ZLaUVWQ2NT', 'changeme']) {
      const text = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        iss: 'kubesphere',
        sub: 'admin',
        token_type: 'access_token',
        username: 'admin',
        sid: 'x',
        exp: 4_000_000_000,
      };
      const signed = `${text({ alg: 'HS256', typ: 'JWT' })}.${text(claims)}`;
      const token = `${signed}.${createHmac('sha256', key === '' ? Buffer.alloc(0) : key)
        .update(signed)
        .digest('base64url')}`;
      const answer = await fetch(`${one.url}/api/v1/namespaces`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
    }
  });
});
