import { defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { builtInClient } from '../rules/sign-in-settings.ts';
import type { IdentityProviderConfig, SignInSettings } from '../rules/sign-in-settings.ts';
import { providerTypes } from './providers/make-provider.ts';
import type { SignInConfig } from './sign-in-config.ts';
import { issuer as tokenIssuer } from './tokens.ts';

const list = (item: TSchema): TSchema => Type.Array(item);
const nanosecondsPerSecond = 1_000_000_000;

/** How KubeSphere's consoles learn by what one can sign in. A provider's settings are shown as far as a browser needs them. */
export function oauthConfigRoute({ config }: { readonly config: SignInConfig }): Route {
  return defineRoute({
    method: 'GET',
    path: '/kapis/config.kubesphere.io/v1alpha2/configs/oauth',
    scope: 'none',
    permission: { by: 'open', why: 'the sign-in page reads it; it holds no secret and no address inside the network' },
    summary: 'Read how one signs in: token life, the built-in client, identity providers',
    tag: 'Platform',
    responses: {
      200: Type.Object({
        issuer: Type.String(),
        identityProviders: Type.Optional(list(Type.Object({ name: Type.String(), type: Type.String() }))),
        clients: list(Type.Object({ name: Type.String(), redirectURIs: list(Type.String()) })),
        accessTokenMaxAge: Type.Integer(),
        accessTokenInactivityTimeout: Type.Integer(),
      }),
    },
    handle: async () => {
      const { settings, providers } = await config.current();
      const usable = providers.filter(({ type }) => Object.hasOwn(providerTypes, type));
      return {
        issuer: settings.externalUrl === '' ? tokenIssuer : `${settings.externalUrl}/oauth`,
        ...(usable.length > 0 ? { identityProviders: usable.map((one) => shown(one, settings)) } : {}),
        clients: [{ name: builtInClient.name, redirectURIs: builtInClient.redirectURIs }],
        accessTokenMaxAge: settings.accessTokenMaxAge * nanosecondsPerSecond,
        accessTokenInactivityTimeout: settings.accessTokenInactivityTimeout * nanosecondsPerSecond,
      };
    },
  });
}

/** The address to go to is ours, which sends the browser on: state, nonce and PKCE are made here. */
function shown(provider: IdentityProviderConfig, { externalUrl }: SignInSettings): object {
  const { name, displayName = name, mappingMethod, disableLoginConfirmation, type } = provider;
  const isAway = providerTypes[type]?.kind === 'redirect';
  const address = `${externalUrl}/oauth/login/${name}`;
  return {
    name,
    title: displayName,
    mappingMethod,
    disableLoginConfirmation,
    type,
    provider: isAway ? { endpoint: { authURL: address } } : {},
  };
}
