import { ConfigError, readConfig } from '@kit/base';
import type { TObject } from 'typebox';
import { identityProvider, oauthClient, signInSettings } from './sign-in-settings.ts';
import type { IdentityProviderConfig, OAuthClient, SignInSettings } from './sign-in-settings.ts';

type Values = Readonly<Record<string, unknown>>;

/** What KubeSphere 3.4's `kubesphere.yaml` says about signing in, in our words; what it does not say has our defaults. */
export interface ImportedSignIn {
  readonly settings: SignInSettings;
  readonly clients: readonly OAuthClient[];
  readonly providers: readonly IdentityProviderConfig[];
  /** One sentence for each part that was not taken. */
  readonly problems: readonly string[];
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration such as `2h0m0s`, or of a plain number of seconds. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(h|ms|us|ns|m|s))+$/.test(value)) return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)/g)];
  return Math.round(parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (units[unit] ?? 1), 0));
}

function map(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {}; // an object of JSON
}

function list(value: unknown): readonly Values[] {
  return Array.isArray(value) ? value.map(map) : [];
}

/** Reads the `authentication` part of a 3.4 configuration. */
export function importSignIn(authentication: unknown): ImportedSignIn {
  const from = map(authentication);
  const oauth = map(from['oauthOptions']);
  const problems: string[] = [];
  const issuer = typeof oauth['issuer'] === 'string' ? oauth['issuer'] : '';
  const settings = readConfig(signInSettings, {
    externalUrl: /^https?:\/\/[^/?#]+/.exec(issuer)?.[0],
    multipleLogin: from['multipleLogin'],
    accessTokenMaxAge: secondsOf(oauth['accessTokenMaxAge']) || undefined,
    accessTokenInactivityTimeout: secondsOf(oauth['accessTokenInactivityTimeout']),
    authenticateRateLimiterMaxTries: from['authenticateRateLimiterMaxTries'],
    authenticateRateLimiterDuration: secondsOf(from['authenticateRateLimiterDuration']),
  });
  return {
    settings,
    clients: list(oauth['clients']).flatMap((one) =>
      taken(oauthClient, { what: 'client', values: clientOf(one), problems }),
    ),
    providers: list(oauth['identityProviders']).flatMap((one) =>
      taken(identityProvider, { what: 'identity provider', values: providerOf(one), problems }),
    ),
    problems,
  };
}

interface Taking {
  readonly what: string;
  readonly values: Values;
  readonly problems: string[];
}

function taken<S extends TObject>(schema: S, { what, values, problems }: Taking): ReturnType<typeof readConfig<S>>[] {
  try {
    return [readConfig(schema, values)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(`${what} "${String(values['name'])}": ${error.problems.join('; ')}`);
    return [];
  }
}

function clientOf({ name, secret, redirectURIs, grantMethod, scopeRestrictions, ...more }: Values): Values {
  const lives = {
    accessTokenMaxAge: secondsOf(more['accessTokenMaxAge']) || undefined,
    accessTokenInactivityTimeout: secondsOf(more['accessTokenInactivityTimeout']),
  };
  return defined({ name, secret, redirectURIs, grantMethod: grantMethod || undefined, scopeRestrictions, ...lives });
}

function providerOf({ name, type, mappingMethod, disableLoginConfirmation, provider }: Values): Values {
  const lower = typeof name === 'string' ? name.toLowerCase() : name;
  return defined({
    name: lower,
    displayName: name,
    type,
    mappingMethod: mappingMethod || undefined,
    disableLoginConfirmation,
    provider: map(provider),
  });
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
