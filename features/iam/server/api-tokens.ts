import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError, timestamp } from '@kit/base';
import type { Clock, Logger } from '@kit/base';
import type { KubeClient, View } from '@kit/kube';
import { apiTokenType, apiVersionOf, fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { ApiTokenObject, UserObject } from '../contract/index.ts';
import type { TokenScope } from '../rules/token-scope.ts';
import { awaitRow } from './await-row.ts';

export interface ApiTokenDeps {
  readonly kube: KubeClient;
  readonly tokens: View<ApiTokenObject>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly key: Uint8Array;
}

export interface NewApiToken extends TokenScope {
  readonly description: string;
  readonly expiresMs: number;
}

/** A token as its user sees it afterwards: everything but the token. */
export interface ApiTokenInfo extends TokenScope {
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  readonly lastUsedFrom?: string;
}

type Stamped = Omit<ApiTokenObject['spec'], 'digest' | 'description'>;

const prefix = 'fht';
const pattern = /^fht_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;
const noteEveryMs = 300_000;

/** Whether a bearer token is one of these, by its look alone. */
export function isApiToken(token: string): boolean {
  return token.startsWith(`${prefix}_`);
}

/** Personal API tokens: objects in the cluster, so that one taken back is dead on every replica. */
export class ApiTokens {
  readonly #deps: ApiTokenDeps;

  constructor(deps: ApiTokenDeps) {
    this.#deps = deps;
  }

  /** Makes a token and answers it, this once. */
  async make(user: UserObject, wanted: NewApiToken): Promise<{ readonly token: string; readonly info: ApiTokenInfo }> {
    const { kube, clock, tokens } = this.#deps;
    const id = randomBytes(8).toString('hex');
    const token = `${prefix}_${id}_${randomBytes(32).toString('base64url')}`;
    const { name, uid = '' } = user.metadata;
    const about = {
      user: name,
      userUid: uid,
      readOnly: wanted.readOnly,
      ...(wanted.workspaces ? { workspaces: [...wanted.workspaces] } : {}),
      expiresAt: timestamp(wanted.expiresMs),
    };
    const object: ApiTokenObject = {
      apiVersion: apiVersionOf(apiTokenType),
      kind: apiTokenType.kind,
      metadata: {
        name: id,
        labels: { [labels.userRef]: name },
        ownerReferences: [{ apiVersion: apiVersionOf(iamTypes.users), kind: iamTypes.users.kind, name, uid }],
      },
      spec: { ...about, description: wanted.description, digest: this.#digest(token, about) },
    };
    const made = await kube.create(apiTokenType, object, { fieldManager });
    await awaitRow(clock, tokens, () => tokens.get('', id) !== undefined);
    return { token, info: infoOf(made) };
  }

  /** The object of a token that holds: known, not expired. */
  find(token: string): ApiTokenObject {
    const [, id = ''] = pattern.exec(token) ?? [];
    const found = this.#deps.tokens.get('', id)?.object();
    if (!found || !isSameText(found.spec.digest, this.#digest(token, found.spec)))
      throw new ApiError('Unauthorized', 'the API token is not known, or was taken back');
    const { expiresAt } = found.spec;
    if (expiresAt && Date.parse(expiresAt) <= this.#deps.clock.now())
      throw new ApiError('Unauthorized', 'the API token has expired');
    return found;
  }

  /** Notes, at most every few minutes, that a token was used; the request does not wait for it. */
  noteUse({ metadata, status }: ApiTokenObject, sourceIp: string): void {
    const { kube, clock, log } = this.#deps;
    const now = clock.now();
    if (now - Date.parse(status?.lastUsedTime ?? '1970-01-01') < noteEveryMs) return;
    const patch = { status: { lastUsedTime: timestamp(now), lastUsedFrom: sourceIp } };
    kube
      .patch(apiTokenType, { name: metadata.name }, patch, { type: 'merge', fieldManager })
      .catch((error: unknown) => log.warn('use of an API token not noted', { error }));
  }

  /** The tokens of a user, newest first. */
  ofUser(userName: string): ApiTokenInfo[] {
    const own = [...this.#deps.tokens.rows()].filter((row) => row.labels[labels.userRef] === userName);
    return own.sort((a, b) => b.createdMs - a.createdMs).map((row) => infoOf(row.object()));
  }

  /** Takes back a token of this user; `NotFound` for one of somebody else. */
  async remove(userName: string, name: string): Promise<void> {
    const { kube, clock, tokens } = this.#deps;
    const found = await kube.find<ApiTokenObject>(apiTokenType, { name });
    if (found?.spec.user !== userName)
      throw new ApiError('NotFound', `you have no API token "${name}"`, { details: { kind: 'apitokens', name } });
    await kube.delete(apiTokenType, { name });
    await awaitRow(clock, tokens, () => tokens.get('', name) === undefined);
  }

  /** Of the token and of whose it is and what it is limited to: an object that somebody has changed fits no token. */
  #digest(token: string, { user, userUid, readOnly = false, workspaces, expiresAt }: Stamped): string {
    const about = JSON.stringify([token, user, userUid, readOnly, workspaces, expiresAt]);
    return createHmac('sha256', this.#deps.key).update(`api-token\0${about}`).digest('base64');
  }
}

function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function infoOf({ metadata, spec, status }: ApiTokenObject): ApiTokenInfo {
  return {
    name: metadata.name,
    description: spec.description ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    readOnly: spec.readOnly === true,
    ...(spec.workspaces ? { workspaces: spec.workspaces } : {}),
    ...(spec.expiresAt ? { expiresAt: spec.expiresAt } : {}),
    ...(status?.lastUsedTime ? { lastUsedAt: status.lastUsedTime } : {}),
    ...(status?.lastUsedFrom ? { lastUsedFrom: status.lastUsedFrom } : {}),
  };
}

/** What a stored token is limited to. */
export function scopeOf({ spec }: ApiTokenObject): TokenScope {
  return { readOnly: spec.readOnly === true, ...(spec.workspaces ? { workspaces: spec.workspaces } : {}) };
}
