import { ApiError } from '@kit/base';
import { defineRoute } from '@kit/http';
import type { Permission, Route } from '@kit/http';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { redirectProblem } from '../rules/redirect-uri.ts';
import { shownProvider } from '../rules/shown-provider.ts';
import { builtInClient, identityProvider, oauthClient, signInSettings } from '../rules/sign-in-settings.ts';
import type { IdentityProviderConfig, OAuthClient } from '../rules/sign-in-settings.ts';
import { makeProvider, providerTypes } from './providers/make-provider.ts';
import * as schemas from './schemas.ts';
import type { SignInConfig } from './sign-in-config.ts';

export interface SignInConfigDeps {
  readonly config: SignInConfig;
}

const tag = 'Sign-in configuration';
const base = '/kapis/iam.freehold.io/v1alpha1';

// Who chooses whom the platform believes can become anybody: the right over everything, and no part of it.
const everything = { verb: '*', group: '*', resource: '*', scope: 'global' };
const admin: Permission = { by: 'rbac', attributes: everything };
const common = { scope: 'platform', permission: admin, tag } as const;
const byName = Type.Object({ name: Type.String({ maxLength: 63 }) });

/** How signing in is configured: settings, OAuth clients and identity providers. */
export function signInConfigRoutes(deps: SignInConfigDeps): Route[] {
  return [optionsRoute(deps), ...settingsRoutes(deps), ...clientRoutes(deps), ...identityProviderRoutes(deps)];
}

function optionsRoute({ config }: SignInConfigDeps): Route {
  return defineRoute({
    method: 'GET',
    path: `${base}/signinoptions`,
    scope: 'none',
    permission: { by: 'open', why: 'the sign-in page shows what one can sign in by; it holds no secret' },
    tag,
    summary: 'The identity providers one can sign in by',
    responses: {
      200: Type.Object({
        providers: Type.Array(
          Type.Object({ name: Type.String(), displayName: Type.String(), kind: Type.String(), type: Type.String() }),
        ),
      }),
    },
    handle: async () => {
      const { providers } = await config.current();
      return {
        providers: providers
          .filter(({ type }) => Object.hasOwn(providerTypes, type))
          .map(({ name, displayName, type }) => ({
            name,
            displayName: displayName ?? name,
            type,
            kind: providerTypes[type]?.kind,
          })),
      };
    },
  });
}

function settingsRoutes({ config }: SignInConfigDeps): Route[] {
  const path = `${base}/signinsettings`;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path,
      summary: 'Read how signing in works',
      responses: { 200: signInSettings },
      handle: () => config.settings(),
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      path,
      summary: 'Change how signing in works',
      body: signInSettings,
      responses: { 200: signInSettings },
      handle: async ({ body }) => {
        await config.saveSettings(body);
        return config.settings();
      },
    }),
  ];
}

const shownClient = Type.Object({ name: Type.String(), hasSecret: Type.Boolean() });

function clientRoutes({ config }: SignInConfigDeps): Route[] {
  const path = `${base}/oauthclients`;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path,
      summary: 'List the OAuth clients, without their secrets',
      responses: { 200: Type.Object({ items: Type.Array(shownClient) }) },
      handle: async () => ({ items: (await config.current()).clients.map(withoutSecret) }),
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      path: `${path}/{name}`,
      summary: 'Register an OAuth client or change it; a secret left out stays as it is',
      params: byName,
      body: oauthClient,
      responses: { 200: shownClient },
      handle: async ({ params, body }) => {
        const before = await config.client(params.name);
        const secret = body.secret ?? before?.secret;
        const client: OAuthClient = { ...body, ...(secret === undefined ? {} : { secret }) };
        checkClient(params.name, client);
        await config.save('oauthclient', client);
        return withoutSecret(client);
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: `${path}/{name}`,
      summary: 'Remove an OAuth client',
      params: byName,
      responses: { 200: schemas.success },
      handle: async ({ params }) => {
        await config.remove('oauthclient', params.name);
        return { message: 'success' };
      },
    }),
  ];
}

function withoutSecret({ secret, ...shown }: OAuthClient): object {
  return { ...shown, hasSecret: Boolean(secret) };
}

function checkClient(name: string, client: OAuthClient): void {
  if (client.name !== name) throw invalid('name', `the body is about "${client.name}", the path about "${name}"`);
  if (name === builtInClient.name) throw invalid('name', 'this is the platform’s own client');
  if (client.secret && client.secret.length < 16) throw invalid('secret', 'a secret has 16 characters or more');
  for (const [at, uri] of [...client.redirectURIs, ...(client.postLogoutRedirectURIs ?? [])].entries()) {
    const problem = redirectProblem(uri);
    if (problem) throw invalid(`redirectURIs[${at}]`, problem);
  }
}

const shownProviderSchema = Type.Object({ name: Type.String(), type: Type.String() });

function identityProviderRoutes({ config }: SignInConfigDeps): Route[] {
  const path = `${base}/identityproviders`;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path,
      summary: 'List the identity providers, without their secrets',
      responses: { 200: Type.Object({ items: Type.Array(shownProviderSchema) }) },
      handle: async () => ({ items: (await config.current()).providers.map(shownProvider) }),
    }),
    defineRoute({
      ...common,
      method: 'PUT',
      path: `${path}/{name}`,
      summary: 'Add an identity provider or change it; secrets left out stay as they are',
      params: byName,
      body: identityProvider,
      responses: { 200: shownProviderSchema },
      handle: async ({ params, body }) => {
        const provider = withKeptSecrets(body, await config.provider(params.name));
        if (provider.name !== params.name)
          throw invalid('name', `the body is about "${provider.name}", the path about "${params.name}"`);
        makeProvider(provider);
        await config.save('identityprovider', provider);
        return shownProvider(provider);
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: `${path}/{name}`,
      summary: 'Remove an identity provider; accounts stay',
      params: byName,
      responses: { 200: schemas.success },
      handle: async ({ params }) => {
        await config.remove('identityprovider', params.name);
        return { message: 'success' };
      },
    }),
  ];
}

/**
 * Secrets are not sent back and forth. They are kept only for the same provider at the same place: with another address
 * the old secret would be sent to whoever is there.
 */
function withKeptSecrets(
  body: Static<typeof identityProvider>,
  before: IdentityProviderConfig | undefined,
): IdentityProviderConfig {
  if (!before || before.type !== body.type) return body;
  const places = [
    'host',
    'issuer',
    'casServerURL',
    'endpoint',
    'insecureSkipVerify',
    'startTLS',
    'rootCA',
    'rootCAData',
  ];
  const isSamePlace = places.every(
    (key) => JSON.stringify(before.provider[key]) === JSON.stringify(body.provider[key]),
  );
  if (!isSamePlace) return body;
  const kept = ['clientSecret', 'managerPassword'].filter((key) => key in before.provider && !(key in body.provider));
  return {
    ...body,
    provider: { ...body.provider, ...Object.fromEntries(kept.map((key) => [key, before.provider[key]])) },
  };
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('Invalid', `${field}: ${message}`, {
    details: { causes: [{ field, message, reason: 'FieldValueInvalid' }] },
  });
}
