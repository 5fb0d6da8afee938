import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '@kit/base';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { VerifiedToken } from './service-account-tokens.ts';
import { issuer } from './service-account-tokens.ts';
import type { TokenAuthenticator } from './token-authenticator.ts';

/** `ID.SECRET`, the form of every bootstrap token. */
const form = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;
const secretType = 'bootstrap.kubernetes.io/token';
const everyGroup = 'system:bootstrappers';
const secrets = resourceKey('', 'secrets');

interface TokenSecret {
  readonly type?: string;
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly data?: Readonly<Record<string, string>>;
}

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The groups of a token, or none at all where one of them is no group of bootstrappers. */
function groupsOf(listed: string): readonly string[] | undefined {
  const extra = listed === '' ? [] : listed.split(',');
  return extra.every((group) => extraGroup.test(group)) ? [everyGroup, ...extra] : undefined;
}

/** Believes the tokens with which machines join: each is a secret of `kube-system` that says what it may be used for. */
export class BootstrapTokens implements TokenAuthenticator {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  verify(token: string, audiences: readonly string[] = [issuer]): VerifiedToken | undefined {
    const [, id, secret] = form.exec(token) ?? [];
    if (!id || !secret || !audiences.includes(issuer)) return undefined;
    const field = this.#fieldsOf(id);
    if (!field || !isSame(field('token-secret'), secret) || !this.#isGood(id, field)) return undefined;
    const groups = groupsOf(field('auth-extra-groups'));
    if (!groups) return undefined;
    const caller = { name: `system:bootstrap:${id}`, groups: [...groups, 'system:authenticated'] };
    return { caller, audiences: [issuer] };
  }

  #isGood(id: string, field: (name: string) => string): boolean {
    const isMeant = field('token-id') === id && field('usage-bootstrap-authentication') === 'true';
    return isMeant && !this.#isOver(field('expiration'));
  }

  #fieldsOf(id: string): ((name: string) => string) | undefined {
    const version = this.#storage.newest({
      resource: secrets,
      namespace: 'kube-system',
      name: `bootstrap-token-${id}`,
    });
    const stored = version?.object() as TokenSecret | undefined; // what is stored under secrets is one
    if (stored?.type !== secretType || stored.metadata.deletionTimestamp) return undefined;
    return (name) => Buffer.from(stored.data?.[name] ?? '', 'base64').toString();
  }

  /** A time that cannot be read has passed. */
  #isOver(expiration: string): boolean {
    return expiration !== '' && !(Date.parse(expiration) > this.#clock.now());
  }
}
