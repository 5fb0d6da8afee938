import { ApiError } from '@kit/base';
import * as openid from 'openid-client';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isLoopback } from './oidc-provider.ts';
import { textsOf } from './provider.ts';
import type { Identity, RedirectProvider } from './provider.ts';
import { providerFetch, unreachable } from './provider-fetch.ts';

const text = Type.Optional(Type.String({ maxLength: 2048 }));

/** The settings of a provider that speaks OAuth 2.0 and has an address that tells who a token is of. */
export const oauth2Settings = Type.Object({
  clientID: Type.String({ minLength: 1 }),
  clientSecret: Type.String({ minLength: 1 }),
  redirectURL: text,
  scopes: Type.Optional(Type.Array(Type.String())),
  endpoint: Type.Optional(Type.Object({ authURL: text, tokenURL: text, userInfoURL: text, emailsURL: text })),
  uidKey: text,
  usernameKey: text,
  emailKey: text,
  displayNameKey: text,
  groupsKey: text,
  insecureSkipVerify: Type.Optional(Type.Boolean()),
  rootCAData: Type.Optional(Type.String()),
});

type OAuth2Settings = Static<typeof oauth2Settings>;

/** What a preset knows already; settings go before it. */
export type Preset = Omit<OAuth2Settings, 'clientID' | 'clientSecret'>;

export const gitHub: Preset = {
  endpoint: {
    authURL: 'https://github.com/login/oauth/authorize',
    tokenURL: 'https://github.com/login/oauth/access_token',
    userInfoURL: 'https://api.github.com/user',
    emailsURL: 'https://api.github.com/user/emails',
  },
  scopes: ['read:user', 'user:email'],
  uidKey: 'id',
  usernameKey: 'login',
  displayNameKey: 'name',
};

export const gitLab: Preset = {
  endpoint: {
    authURL: 'https://gitlab.com/oauth/authorize',
    tokenURL: 'https://gitlab.com/oauth/token',
    userInfoURL: 'https://gitlab.com/api/v4/user',
  },
  scopes: ['read_user'],
  uidKey: 'id',
  usernameKey: 'username',
  displayNameKey: 'name',
};

/** A provider without OpenID: a code for a token, and the token for who it is of. */
export function oauth2Provider(given: OAuth2Settings, preset: Preset = {}): RedirectProvider {
  const settings = { ...preset, ...given, endpoint: { ...preset.endpoint, ...given.endpoint } };
  const call = providerFetch(settings);
  const config = configurationOf(settings, call);
  return {
    kind: 'redirect',
    async begin({ state, verifier, callbackUrl }) {
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: callbackUrl,
        scope: (settings.scopes ?? []).join(' '),
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      });
      return url.href;
    },
    async finish(begun, answer) {
      const url = new URL(begun.callbackUrl);
      url.search = answer.toString();
      const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state };
      const tokens = await openid.authorizationCodeGrant(config, url, checks).catch((cause: unknown) => {
        throw new ApiError('Unauthorized', 'the identity provider did not confirm who you are', { cause });
      });
      return identityOf(settings, (address) => read(call, address, tokens.access_token));
    },
  };
}

function configurationOf(settings: OAuth2Settings, call: typeof fetch): openid.Configuration {
  const { authURL = '', tokenURL = '' } = settings.endpoint ?? {};
  const server = { issuer: new URL(authURL).origin, authorization_endpoint: authURL, token_endpoint: tokenURL };
  const config = new openid.Configuration(server, settings.clientID, settings.clientSecret);
  config[openid.customFetch] = call; // undici's copy of the same types
  const isPlain = new URL(tokenURL).protocol === 'http:';
  if (isPlain && (isLoopback(new URL(tokenURL)) || settings.insecureSkipVerify)) openid.allowInsecureRequests(config);
  return config;
}

async function read(call: typeof fetch, address: string, token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'freehold' };
  try {
    const response = await call(address, { headers });
    if (!response.ok) throw new Error(`${address} answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw unreachable(cause);
  }
}

async function identityOf(settings: OAuth2Settings, ask: (address: string) => Promise<unknown>): Promise<Identity> {
  const claims = (await ask(settings.endpoint?.userInfoURL ?? '')) as Record<string, unknown>; // each field is checked below
  const field = (key: string | undefined, fallback: string): string | undefined => {
    const value = claims[key ?? fallback];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const uid = field(settings.uidKey, 'id');
  if (!uid) throw unreachable(new Error('the answer about the user has no id'));
  const emails = settings.endpoint?.emailsURL;
  const email = emails ? verifiedAddress(await ask(emails)) : field(settings.emailKey, 'email');
  const displayName = field(settings.displayNameKey, 'name');
  return {
    uid,
    username: field(settings.usernameKey, 'username') ?? uid,
    ...(email ? { email } : {}),
    ...(displayName ? { displayName } : {}),
    groups: textsOf(claims[settings.groupsKey ?? 'groups']),
  };
}

/** Of GitHub's list of addresses the first one, and only if GitHub has seen it answer. */
function verifiedAddress(answer: unknown): string | undefined {
  const all = Array.isArray(answer) ? (answer as { email?: string; primary?: boolean; verified?: boolean }[]) : []; // GitHub's REST API, "List email addresses"
  return all.find(({ primary, verified }) => primary && verified)?.email;
}
