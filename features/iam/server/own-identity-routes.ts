import { ApiError } from '@kit/base';
import { defineRoute } from '@kit/http';
import type { Permission, Route, User } from '@kit/http';
import type { KubeClient } from '@kit/kube';
import { Type } from 'typebox';
import { fieldManager, iamTypes, labels } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { sessionOf } from './authenticate.ts';
import { linkLabel, linkPrefix } from './identity-mapping.ts';
import * as schemas from './schemas.ts';
import type { Sessions } from './sessions.ts';
import type { SignInConfig } from './sign-in-config.ts';

export interface OwnIdentityDeps {
  readonly kube: KubeClient;
  readonly sessions: Sessions;
  readonly config: SignInConfig;
  /** The caller's account, if they signed in themselves; throws `Forbidden` for tokens made for others. */
  readonly accountOf: (user: User) => Promise<UserObject>;
}

const path = '/kapis/iam.freehold.io/v1alpha1/account/identities';
const own: Permission = { by: 'signedIn', why: 'acts on the caller’s own account only, and not by an API token' };
const common = { scope: 'none', permission: own, tag: 'Own account' } as const;

interface OwnIdentity {
  readonly provider: string;
  /** Whether the account was made for this identity, or linked to it later. */
  readonly origin: 'created' | 'linked';
}

/** By which identity providers one may sign in to one's own account. */
export function ownIdentityRoutes(deps: OwnIdentityDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path,
      summary: 'List the identities that sign in to one’s own account',
      responses: {
        200: Type.Object({
          items: Type.Array(
            Type.Object({ provider: Type.String(), displayName: Type.String(), origin: Type.String() }),
          ),
        }),
      },
      handle: async ({ user }) => {
        const account = await deps.accountOf(user);
        const { providers } = await deps.config.current();
        const nameOf = (name: string): string => providers.find((one) => one.name === name)?.displayName ?? name;
        return { items: identitiesOf(account).map((one) => ({ ...one, displayName: nameOf(one.provider) })) };
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: `${path}/{provider}`,
      summary: 'Take an identity off one’s own account; sessions that it opened end',
      params: Type.Object({ provider: Type.String({ maxLength: 64 }) }),
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        await takeOff(deps, user, params.provider);
        return { message: 'success' };
      },
    }),
  ];
}

function identitiesOf({ metadata }: UserObject): OwnIdentity[] {
  const { [labels.identityProvider]: made, ...rest } = metadata.labels ?? {};
  const linked = Object.keys(rest).filter((label) => label.startsWith(linkPrefix));
  return [
    ...(made ? [{ provider: made, origin: 'created' } as const] : []),
    ...linked.map((label) => ({ provider: label.slice(linkPrefix.length), origin: 'linked' }) as const),
  ];
}

async function takeOff({ kube, sessions, accountOf }: OwnIdentityDeps, user: User, provider: string): Promise<void> {
  const account = await accountOf(user);
  const all = identitiesOf(account);
  const wanted = all.filter((one) => one.provider === provider);
  if (wanted.length === 0)
    throw new ApiError('NotFound', `you have no identity of "${provider}"`, {
      details: { kind: 'identities', name: provider },
    });
  // An account without a password is held by the provider that made it.
  if (!account.spec.password && (wanted.length === all.length || wanted.some(({ origin }) => origin === 'created')))
    throw new ApiError('Conflict', 'this is the last way in to your account; set a password first');
  const gone = wanted.flatMap(({ origin }) =>
    origin === 'created' ? [labels.identityProvider, labels.originUid] : [linkLabel(provider)],
  );
  const patch = { metadata: { labels: Object.fromEntries(gone.map((label) => [label, null])) } };
  await kube.patch(iamTypes.users, { name: user.name }, patch, { type: 'merge', fieldManager });
  for (const { id, about } of await sessions.ofUser(user.name))
    if (about.method === provider && id !== sessionOf(user)) await sessions.end(id);
}
