import { Type } from 'typebox';
import type { Static } from 'typebox';
import * as openid from 'openid-client';
import { isLoopbackHost } from '../../rules/address-reach.ts';
import { CodeExchange } from './code-exchange.ts';
import type { SecretBy } from './code-exchange.ts';
import { exchangeFailure } from './exchange-failure.ts';
import { idTokenCheck } from './id-token-check.ts';
import type { IdTokenCheck } from './id-token-check.ts';
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

// How far two clocks may be apart before a token is too old or too young.
const clockToleranceSeconds = 60;

/** A provider that has been found: what it says of itself made ready to be spoken to. */
interface Found {
  readonly exchange: CodeExchange;
  readonly check: IdTokenCheck;
}

/** Any OpenID Connect provider: code flow with PKCE, state and nonce; the id_token is verified by the provider's keys. */
export function oidcProvider(settings: OidcSettings): RedirectProvider {
  const call = providerFetch(settings, [settings.issuer]);
  let finding: Promise<Found> | undefined;
  const found = (): Promise<Found> => {
    finding ??= discover(settings, call).catch((error: unknown) => {
      finding = undefined;
      throw unreachable(error);
    });
    return finding;
  };
  return {
    kind: 'redirect',
    async begin(begun) {
      const scope = ['openid', ...(settings.scopes ?? ['profile', 'email'])];
      const { exchange } = await found();
      return exchange.authorizationUrl(begun, { scope: [...new Set(scope)].join(' '), nonce: begun.nonce });
    },
    async finish(begun, answer) {
      return identityOf(settings, await claimsOf(await found(), { begun, answer, settings }));
    },
  };
}

async function discover(settings: OidcSettings, call: typeof fetch): Promise<Found> {
  const issuer = new URL(settings.issuer);
  const isPlain =
    issuer.protocol === 'http:' && (isLoopbackHost(issuer.hostname) || settings.insecureSkipVerify === true);
  const configuration = await openid.discovery(issuer, settings.clientID, undefined, openid.None(), {
    [openid.customFetch]: call, // undici's copy of the same types
    execute: isPlain ? [openid.allowInsecureRequests] : [],
  });
  const server = configuration.serverMetadata();
  const { clientID: clientId, clientSecret } = settings;
  const secretBy = waysToShowSecret(server);
  return {
    exchange: new CodeExchange({ server, clientId, clientSecret, call, isPlain, secretBy, clockToleranceSeconds }),
    check: idTokenCheck(server, call),
  };
}

/** What the provider offers; one that says nothing takes Basic (OpenID Connect Discovery, 3). */
function waysToShowSecret(server: openid.ServerMetadata): SecretBy[] {
  const offered = server.token_endpoint_auth_methods_supported;
  const ways = (['basic', 'post'] as const).filter((way) => offered?.includes(`client_secret_${way}`));
  return ways.length > 0 ? ways : ['basic', 'post'];
}

interface Answered {
  readonly begun: Begun;
  readonly answer: URLSearchParams;
  readonly settings: OidcSettings;
}

async function claimsOf({ exchange, check }: Found, { begun, answer, settings }: Answered) {
  const tokens = await exchange.tokensFor(begun, answer, { expectedNonce: begun.nonce, idTokenExpected: true });
  await check(tokens);
  const claims: Record<string, unknown> = { ...tokens.claims() };
  const { configuration } = exchange;
  if (settings.getUserInfo === false || !configuration.serverMetadata().userinfo_endpoint) return claims;
  const subject = String(claims['sub']);
  const more = await openid.fetchUserInfo(configuration, tokens.access_token, subject).catch((error: unknown) => {
    throw exchangeFailure(error);
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
