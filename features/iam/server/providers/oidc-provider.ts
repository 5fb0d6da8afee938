import { ApiError } from '@kit/base';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import * as openid from 'openid-client';
import { textsOf } from './provider.ts';
import type { Begun, Identity, RedirectProvider } from './provider.ts';
import { providerFetch, unreachable } from './provider-fetch.ts';

const text = Type.Optional(Type.String({ maxLength: 2048 }));

/** The settings of an OpenID Connect provider, by KubeSphere's names. */
export const oidcSettings = Type.Object({
  issuer: Type.String({ pattern: '^https?://' }),
  clientID: Type.String({ minLength: 1 }),
  clientSecret: text,
  redirectURL: text,
  scopes: Type.Optional(Type.Array(Type.String())),
  getUserInfo: Type.Optional(Type.Boolean()),
  emailKey: text,
  preferredUsernameKey: text,
  groupsKey: text,
  insecureSkipVerify: Type.Optional(Type.Boolean()),
  rootCAData: Type.Optional(Type.String()),
});

type OidcSettings = Static<typeof oidcSettings>;

/** Any OpenID Connect provider: code flow with PKCE, state and nonce; the id_token is verified by the provider's keys. */
export function oidcProvider(settings: OidcSettings): RedirectProvider {
  let found: Promise<openid.Configuration> | undefined;
  const configuration = (): Promise<openid.Configuration> => {
    found ??= discover(settings).catch((error: unknown) => {
      found = undefined;
      throw unreachable(error);
    });
    return found;
  };
  return {
    kind: 'redirect',
    async begin({ state, nonce, verifier, callbackUrl }) {
      const scope = ['openid', ...(settings.scopes ?? ['profile', 'email'])];
      const url = openid.buildAuthorizationUrl(await configuration(), {
        redirect_uri: callbackUrl,
        scope: [...new Set(scope)].join(' '),
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return url.href;
    },
    async finish(begun, answer) {
      const config = await configuration();
      return identityOf(settings, await claimsOf(config, { begun, answer, settings }));
    },
  };
}

function discover(settings: OidcSettings): Promise<openid.Configuration> {
  const issuer = new URL(settings.issuer);
  const isPlain = issuer.protocol === 'http:' && (isLoopback(issuer) || settings.insecureSkipVerify === true);
  return openid.discovery(issuer, settings.clientID, settings.clientSecret, undefined, {
    [openid.customFetch]: providerFetch(settings), // undici's copy of the same types
    execute: isPlain ? [openid.allowInsecureRequests] : [],
  });
}

export function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

interface Answered {
  readonly begun: Begun;
  readonly answer: URLSearchParams;
  readonly settings: OidcSettings;
}

async function claimsOf(
  config: openid.Configuration,
  { begun, answer, settings }: Answered,
): Promise<Record<string, unknown>> {
  const url = new URL(begun.callbackUrl);
  url.search = answer.toString();
  const tokens = await openid
    .authorizationCodeGrant(config, url, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    })
    .catch((cause: unknown) => {
      throw new ApiError('Unauthorized', 'the identity provider did not confirm who you are', { cause });
    });
  const claims = tokens.claims() ?? {};
  if (settings.getUserInfo === false || !config.serverMetadata().userinfo_endpoint) return { ...claims };
  const more = await openid.fetchUserInfo(config, tokens.access_token, String(tokens.claims()?.sub)).catch((cause) => {
    throw unreachable(cause);
  });
  return { ...claims, ...more };
}

function identityOf(settings: OidcSettings, claims: Record<string, unknown>): Identity {
  const read = (key: string): string | undefined => (typeof claims[key] === 'string' ? claims[key] : undefined);
  const email = read(settings.emailKey ?? 'email');
  // An address that the provider itself does not vouch for tells nothing of who this is.
  const isTrusted = claims['email_verified'] !== false;
  const displayName = read('name');
  return {
    uid: read('sub') ?? '',
    username: read(settings.preferredUsernameKey ?? 'preferred_username') ?? (email ?? '').replace(/@.*/, ''),
    ...(email && isTrusted ? { email } : {}),
    ...(displayName ? { displayName } : {}),
    groups: textsOf(claims[settings.groupsKey ?? 'groups']),
  };
}
