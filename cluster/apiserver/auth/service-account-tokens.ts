import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '@kit/base';
import { calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from 'jose';
import type { JWK, JWTPayload } from 'jose';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { Caller } from '../store/write-request.ts';
import { SeenSignatures } from './seen-signatures.ts';

/** Issuer and default audience of every token. */
export const issuer = 'https://kubernetes.default.svc.cluster.local';

/** The object a token dies with. */
export interface BoundObject {
  readonly kind: 'Pod' | 'Secret' | 'Node';
  readonly name: string;
  readonly uid: string;
}

export interface TokenRequest {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly lifetimeSeconds: number;
  readonly boundTo?: BoundObject;
}

interface KubernetesClaims {
  readonly namespace?: string;
  readonly serviceaccount?: { readonly name: string; readonly uid: string };
  readonly pod?: { readonly name: string; readonly uid: string };
  readonly secret?: { readonly name: string; readonly uid: string };
  readonly node?: { readonly name: string; readonly uid: string };
}

/** Who a token speaks for, and to whom it may be shown. */
export interface VerifiedToken {
  readonly caller: Caller;
  readonly audiences: readonly string[];
}

const boundResources = { pod: 'pods', secret: 'secrets', node: 'nodes' } as const;

/** Makes and checks the JWTs of service accounts. A token lives as long as its account and what it is bound to. */
export class ServiceAccountTokens {
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #seen = new SeenSignatures<JWTPayload>();
  #jwk: Promise<JWK> | undefined;

  constructor(key: string, storage: Storage, clock: Clock) {
    this.#private = createPrivateKey(key);
    this.#public = createPublicKey(key);
    this.#storage = storage;
    this.#clock = clock;
  }

  /** The public key, as `/openid/v1/jwks` shows it. */
  jwk(): Promise<JWK> {
    this.#jwk ??= (async () => {
      const jwk = await exportJWK(this.#public);
      return { ...jwk, use: 'sig', alg: 'ES256', kid: await calculateJwkThumbprint(jwk) };
    })();
    return this.#jwk;
  }

  async issue(request: TokenRequest): Promise<{ token: string; expiresAtMs: number }> {
    const now = Math.floor(this.#clock.now() / 1000);
    const { namespace, name, uid, boundTo } = request;
    const claims = {
      namespace,
      serviceaccount: { name, uid },
      ...(boundTo && { [boundTo.kind.toLowerCase()]: { name: boundTo.name, uid: boundTo.uid } }),
    };
    const expires = now + request.lifetimeSeconds;
    const { kid } = await this.jwk();
    const token = await new SignJWT({ 'kubernetes.io': claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(issuer)
      .setSubject(`system:serviceaccount:${namespace}:${name}`)
      .setAudience([...request.audiences])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(expires)
      .setJti(randomUUID())
      .sign(this.#private);
    return { token, expiresAtMs: expires * 1000 };
  }

  /** The token's caller, or `undefined` when it is not a good token for one of the audiences. */
  async verify(token: string, audiences: readonly string[] = [issuer]): Promise<VerifiedToken | undefined> {
    const payload = await this.#payload(token).catch(() => undefined); // not ours: whatever the reason, the caller is nobody
    if (!payload || !this.#isDue(payload)) return undefined;
    const granted = [payload.aud ?? []].flat().filter((audience) => audiences.includes(audience));
    const claims = payload['kubernetes.io'] as KubernetesClaims | undefined; // signed by ourselves
    if (granted.length === 0 || !claims || !this.#isAlive(claims)) return undefined;
    return { caller: callerOf(claims, payload.jti), audiences: granted };
  }

  /** What a token signed by us says; throws for any other text. */
  async #payload(token: string): Promise<JWTPayload> {
    const seen = this.#seen.get(token);
    if (seen) return seen;
    const currentDate = new Date(this.#clock.now());
    const { payload } = await jwtVerify(token, this.#public, { issuer, algorithms: ['ES256'], currentDate });
    this.#seen.add(token, payload);
    return payload;
  }

  #isDue({ nbf = 0, exp = 0 }: JWTPayload): boolean {
    const now = this.#clock.now() / 1000;
    return nbf <= now && now < exp;
  }

  #isAlive(claims: KubernetesClaims): boolean {
    const { namespace = '', serviceaccount } = claims;
    const holds = (resource: string, where: string, wanted: { name: string; uid: string }): boolean =>
      this.#storage.newest({ resource: resourceKey('', resource), namespace: where, name: wanted.name })?.uid ===
      wanted.uid;
    if (!serviceaccount || !namespace || !holds('serviceaccounts', namespace, serviceaccount)) return false;
    return (['pod', 'secret', 'node'] as const).every((bound) => {
      const wanted = claims[bound];
      return !wanted || holds(boundResources[bound], bound === 'node' ? '' : namespace, wanted);
    });
  }
}

function callerOf({ namespace = '', serviceaccount: account, pod, node }: KubernetesClaims, jti?: string): Caller {
  const extra: Record<string, readonly string[]> = {};
  if (jti) extra['authentication.kubernetes.io/credential-id'] = [`JTI=${jti}`];
  if (node)
    Object.assign(extra, {
      'authentication.kubernetes.io/node-name': [node.name],
      'authentication.kubernetes.io/node-uid': [node.uid],
    });
  if (pod)
    Object.assign(extra, {
      'authentication.kubernetes.io/pod-name': [pod.name],
      'authentication.kubernetes.io/pod-uid': [pod.uid],
    });
  return {
    name: `system:serviceaccount:${namespace}:${account?.name ?? ''}`,
    uid: account?.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra,
  };
}
