import { isApiError } from '@kit/base';
import type { Clock } from '@kit/base';
import { kinds } from '@kit/kube';
import type { KubeClient, KubeObject } from '@kit/kube';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { fieldManager, systemNamespace } from '../contract/index.ts';

const secretName = 'freehold-id-token-keys';
const dayMs = 86_400_000;
const rotateMs = 90 * dayMs;
// A new key is published this long before it signs: every replica, and who keeps the keys for a while, has seen it by then.
const leadMs = 3_600_000;
/** The longest an id_token lives, whatever its client is given: a key is published for as long as a token of it holds. */
export const maxIdTokenMs = 7 * dayMs;
const retireMs = leadMs + maxIdTokenMs + dayMs;
const keepMs = 60_000;

export type IdTokenAlgorithm = 'RS256' | 'ES256';
const algorithms: readonly IdTokenAlgorithm[] = ['RS256', 'ES256'];

interface StoredKey {
  readonly alg: IdTokenAlgorithm;
  readonly madeMs: number;
  readonly jwk: JWK;
}

/**
 * The keys that sign id_tokens: one pair for each algorithm, made by the first server that needs it, shared by all
 * replicas in a Secret of the platform's namespace, and replaced every 90 days.
 */
export class IdTokenKeys {
  readonly #kube: KubeClient;
  readonly #clock: Clock;
  #read: { readonly atMs: number; readonly keys: Promise<readonly StoredKey[]> } | undefined;

  constructor(kube: KubeClient, clock: Clock) {
    this.#kube = kube;
    this.#clock = clock;
  }

  /** The public keys, the newest of each algorithm first. */
  async published(): Promise<{ keys: JWK[] }> {
    return { keys: (await this.#keys()).map(({ jwk }) => publicPart(jwk)) };
  }

  async sign(claims: JWTPayload, alg: IdTokenAlgorithm): Promise<string> {
    const own = (await this.#keys()).filter((one) => one.alg === alg);
    const now = this.#clock.now();
    // The first key of all signs at once: nobody has another one to wait for.
    const key = own.find(({ madeMs }) => now - madeMs >= leadMs) ?? own.at(-1);
    if (!key) throw new Error(`no key signs by ${alg}`);
    const header = { alg, kid: key.jwk.kid, typ: 'JWT' };
    return new SignJWT(claims).setProtectedHeader(header).sign(await imported(key.jwk));
  }

  /** The claims of an id_token of ours, expired or not; `undefined` for anything else. */
  async read(token: string): Promise<JWTPayload | undefined> {
    const keys = await this.#keys();
    const find = async ({ kid }: { kid?: string }): Promise<CryptoKey> => {
      const key = keys.find(({ jwk }) => jwk.kid === kid);
      if (!key) throw new Error('the token is signed by no key of ours');
      return imported(publicPart(key.jwk));
    };
    const answer = await jwtVerify(token, find, { algorithms: [...algorithms], currentDate: new Date(0) }).catch(
      () => undefined,
    );
    return answer?.payload;
  }

  hasExpired({ exp = 0 }: JWTPayload): boolean {
    return exp * 1000 <= this.#clock.now();
  }

  #keys(): Promise<readonly StoredKey[]> {
    const now = this.#clock.now();
    if (this.#read && now - this.#read.atMs < keepMs) return this.#read.keys;
    const keys = this.#load();
    this.#read = { atMs: now, keys };
    keys.catch(() => (this.#read = undefined));
    return keys;
  }

  async #load(): Promise<readonly StoredKey[]> {
    const found = await this.#kube.find(kinds.secrets, { namespace: systemNamespace, name: secretName });
    const now = this.#clock.now();
    const keys = (found ? keysOf(found) : []).filter(({ madeMs }) => now - madeMs < rotateMs + retireMs);
    const due = algorithms.filter((alg) => !keys.some((one) => one.alg === alg && now - one.madeMs < rotateMs));
    if (due.length === 0) return keys;
    const fresh = await Promise.all(due.map((alg) => newKey(alg, now)));
    const next = [...fresh, ...keys];
    try {
      const secret = secretOf(next, found);
      if (found) await this.#kube.update(kinds.secrets, secret, { fieldManager });
      else await this.#kube.create(kinds.secrets, secret, { fieldManager });
      return next;
    } catch (error) {
      if (!isApiError(error, 'AlreadyExists') && !isApiError(error, 'Conflict')) throw error;
      return keysOf(await this.#kube.get(kinds.secrets, { namespace: systemNamespace, name: secretName })); // another replica was faster: its keys are ours
    }
  }
}

async function imported(jwk: JWK): Promise<CryptoKey> {
  return (await importJWK(jwk, jwk.alg)) as CryptoKey; // only a symmetric key is imported as bytes
}

async function newKey(alg: IdTokenAlgorithm, madeMs: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { alg, madeMs, jwk: { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) } };
}

/** Named one by one: what is not known to be public stays out. */
function publicPart({ kty, n, e, crv, x, y, alg, use, kid }: JWK): JWK {
  const parts = { kty, n, e, crv, x, y, alg, use, kid };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function keysOf(secret: KubeObject): StoredKey[] {
  const { keys = '' } = secret['data'] as { keys?: string }; // a Secret's data is a map of base64 texts
  return JSON.parse(Buffer.from(keys, 'base64').toString('utf8')) as StoredKey[]; // written by this class only
}

function secretOf(keys: readonly StoredKey[], found: KubeObject | undefined): KubeObject {
  const data = { keys: Buffer.from(JSON.stringify(keys)).toString('base64') };
  if (found) return { ...found, data };
  const metadata = { name: secretName, namespace: systemNamespace };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data };
}
