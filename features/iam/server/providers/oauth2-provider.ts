import { Type } from 'typebox';
import type { Static } from 'typebox';
import { isLoopbackHost } from '../../rules/address-reach.ts';
import { CodeExchange } from './code-exchange.ts';
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
  const settings = { ...preset, ...given, endpoint: endpointsOf(given.endpoint, preset.endpoint) };
  const call = providerFetch(settings, Object.values(settings.endpoint));
  const exchange = exchangeOf(settings, call);
  return {
    kind: 'redirect',
    begin: (begun) => exchange.authorizationUrl(begun, { scope: (settings.scopes ?? []).join(' ') }),
    async finish(begun, answer) {
      // Who the provider calls itself is not configured here, so it is not compared; the state says who was asked.
      const rest = new URLSearchParams(answer);
      rest.delete('iss');
      const tokens = await exchange.tokensFor(begun, rest, {});
      return identityOf(settings, (address) => read(call, address, tokens.access_token));
    },
  };
}

type Endpoints = OAuth2Settings['endpoint'];

/** A server of one's own instead of the well-known one: a token of it is not sent to the addresses of the other. */
function endpointsOf(given: Endpoints = {}, preset: Endpoints = {}): NonNullable<Endpoints> {
  if (!given.tokenURL || given.tokenURL === preset.tokenURL) return { ...preset, ...given };
  const { userInfoURL } = given;
  return userInfoURL && preset.emailsURL ? { emailsURL: `${userInfoURL}/emails`, ...given } : given;
}

function exchangeOf(settings: OAuth2Settings, call: typeof fetch): CodeExchange {
  const { authURL = '', tokenURL = '', userInfoURL = '' } = settings.endpoint ?? {};
  const [authorize, token] = [addressOf('authURL', authURL), addressOf('tokenURL', tokenURL)];
  addressOf('userInfoURL', userInfoURL);
  const { clientID: clientId, clientSecret, insecureSkipVerify = false } = settings;
  return new CodeExchange({
    server: { issuer: authorize.origin, authorization_endpoint: authURL, token_endpoint: tokenURL },
    clientId,
    clientSecret,
    call: withoutIdTokens(call, tokenURL),
    isPlain: token.protocol === 'http:' && (isLoopbackHost(token.hostname) || insecureSkipVerify),
    secretBy: ['post', 'basic'],
    clockToleranceSeconds: 0,
  });
}

/**
 * A provider that speaks OpenID too may send an id_token that nobody asked for. Here only the address that tells of the user
 * counts, and there is nothing to check the token by.
 */
function withoutIdTokens(call: typeof fetch, tokenURL: string): typeof fetch {
  return async (input, init) => {
    const response = await call(input, init);
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    if (!isJson || new URL(input instanceof Request ? input.url : input).href !== new URL(tokenURL).href)
      return response;
    const text = await response.text();
    const { status, headers } = response;
    return new Response(withoutIdToken(text), { status, headers: [...headers] });
  };
}

function withoutIdToken(text: string): string {
  try {
    const { id_token: _none, ...rest } = JSON.parse(text) as Record<string, unknown>; // what else it is, the library checks
    return JSON.stringify(rest);
  } catch {
    return text;
  }
}

function addressOf(field: string, address: string): URL {
  if (!/^https?:/.test(address) || !URL.canParse(address))
    throw new Error(`endpoint.${field} is not a whole address such as https://git.example.com/oauth`);
  return new URL(address);
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
