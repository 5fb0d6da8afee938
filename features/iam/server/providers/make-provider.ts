import { ApiError, ConfigError, readConfig } from '@kit/base';
import { LRUCache } from 'lru-cache';
import type { TObject } from 'typebox';
import type { IdentityProviderConfig } from '../../rules/sign-in-settings.ts';
import { casProvider, casSettings } from './cas-provider.ts';
import { ldapProvider, ldapSettings } from './ldap-provider.ts';
import { gitHub, gitLab, oauth2Provider, oauth2Settings } from './oauth2-provider.ts';
import { oidcProvider, oidcSettings } from './oidc-provider.ts';
import type { Provider } from './provider.ts';

type Make = (settings: Readonly<Record<string, unknown>>) => Provider;

interface ProviderType {
  readonly kind: Provider['kind'];
  readonly make: Make;
}

/** Reads the settings by the schema of the type before anything is made of them. */
function typeOf<S extends TObject>(
  kind: Provider['kind'],
  schema: S,
  make: (settings: ReturnType<typeof readConfig<S>>) => Provider,
): ProviderType {
  // What a newer KubeSphere knows and we do not is left out, not refused.
  const known = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).filter(([key]) => key in schema.properties));
  return { kind, make: (settings) => make(readConfig(schema, known(settings))) };
}

/** The types of identity providers; the names are KubeSphere's, but for the generic OAuth 2.0 one. */
export const providerTypes: Readonly<Record<string, ProviderType>> = {
  LDAPIdentityProvider: typeOf('password', ldapSettings, ldapProvider),
  OIDCIdentityProvider: typeOf('redirect', oidcSettings, oidcProvider),
  GitHubIdentityProvider: typeOf('redirect', oauth2Settings, (settings) => oauth2Provider(settings, gitHub)),
  GitlabIdentityProvider: typeOf('redirect', oauth2Settings, (settings) => oauth2Provider(settings, gitLab)),
  OAuth2IdentityProvider: typeOf('redirect', oauth2Settings, (settings) => oauth2Provider(settings)),
  CASIdentityProvider: typeOf('redirect', casSettings, casProvider),
};

/** Makes providers of their configuration, and keeps them while it stays the same. */
export class Providers {
  readonly #made = new LRUCache<string, Provider>({ max: 50 });

  of(config: IdentityProviderConfig): Provider {
    const key = JSON.stringify(config);
    const known = this.#made.get(key);
    if (known) return known;
    const provider = makeProvider(config);
    this.#made.set(key, provider);
    return provider;
  }
}

// How a session came to be is kept as one of these, or as the name of a provider.
const reservedNames = new Set(['password', 'second-factor', 'provider', 'console']);

/** Throws `Invalid` for a configuration that cannot work. */
export function makeProvider({ name, type, provider }: IdentityProviderConfig): Provider {
  if (reservedNames.has(name)) throw wrong('name', `"${name}" means another way to sign in; choose another name`);
  const known = Object.hasOwn(providerTypes, type) ? providerTypes[type] : undefined;
  if (!known)
    throw wrong('type', `"${type}" is not a type of provider; there are ${Object.keys(providerTypes).join(', ')}`);
  try {
    return known.make(provider);
  } catch (error) {
    if (error instanceof ConfigError) throw wrong('provider', error.problems.join('; '));
    throw wrong('provider', error instanceof Error ? error.message : 'it cannot be used');
  }
}

function wrong(field: string, message: string): ApiError {
  return new ApiError('Invalid', `${field}: ${message}`, {
    details: { causes: [{ field, message, reason: 'FieldValueInvalid' }] },
  });
}
