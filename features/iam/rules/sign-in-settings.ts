import { Type } from 'typebox';
import type { Static } from 'typebox';

const seconds = (preset: number, description: string) => Type.Integer({ default: preset, minimum: 0, description });

/** How signing in works on this platform; the names are those of KubeSphere's `authentication` where it has one. */
export const signInSettings = Type.Object(
  {
    /** Where browsers and clients reach this platform, e.g. `https://platform.example.com`. */
    externalUrl: Type.String({
      default: '',
      pattern: '^(https?://[^/?#]+)?$',
      description: 'where browsers reach the platform; without it clients are served on the loopback address only',
    }),
    multipleLogin: Type.Boolean({ default: true, description: 'false: signing in ends the user’s other sessions' }),
    accessTokenMaxAge: seconds(7200, 'seconds that an access token lives'),
    accessTokenInactivityTimeout: seconds(7200, 'seconds that a refresh token lives on after its access token'),
    sessionMaxAge: seconds(43_200, 'seconds that a console session lives'),
    authenticateRateLimiterMaxTries: Type.Integer({ default: 10, minimum: 1, maximum: 1000 }),
    authenticateRateLimiterDuration: seconds(600, 'seconds in which failures count, and that a lock lasts'),
    secondFactor: Type.Union([Type.Literal('optional'), Type.Literal('required')], {
      default: 'optional',
      description: 'required: who signs in with a password alone can only set a second factor up',
    }),
    apiTokenMaxDays: Type.Integer({ default: 365, minimum: 1, maximum: 3650 }),
    passwordPolicy: Type.Object(
      {
        minLength: Type.Integer({ default: 8, minimum: 8, maximum: 64 }),
        needsSymbol: Type.Boolean({ default: false }),
        maxAgeDays: Type.Integer({ default: 0, minimum: 0, description: '0: passwords do not age' }),
      },
      { default: {}, additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type SignInSettings = Static<typeof signInSettings>;

/** Which clients an installation knows: `kubesphere`, whose secret proves nothing, is always there. */
export const oauthClient = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$' }),
    displayName: Type.Optional(Type.String({ maxLength: 100 })),
    /** Absent or empty: a public client, which must use PKCE. */
    secret: Type.Optional(Type.String({ maxLength: 256 })),
    redirectURIs: Type.Array(Type.String({ maxLength: 2048 }), { default: [], maxItems: 50 }),
    grantMethod: Type.Union([Type.Literal('auto'), Type.Literal('prompt'), Type.Literal('deny')], {
      default: 'prompt',
    }),
    postLogoutRedirectURIs: Type.Optional(Type.Array(Type.String({ maxLength: 2048 }), { maxItems: 50 })),
    idTokenSignedResponseAlg: Type.Optional(Type.Union([Type.Literal('RS256'), Type.Literal('ES256')])),
    scopeRestrictions: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
    accessTokenMaxAge: Type.Optional(Type.Integer({ minimum: 60, maximum: 31_536_000 })),
    accessTokenInactivityTimeout: Type.Optional(Type.Integer({ minimum: 0, maximum: 31_536_000 })),
  },
  { additionalProperties: false },
);

export type OAuthClient = Static<typeof oauthClient>;

/** The client that KubeSphere's own tools present themselves as. It gets no codes: it has no address to send them to. */
export const builtInClient: OAuthClient = { name: 'kubesphere', secret: '', redirectURIs: [], grantMethod: 'auto' };

/** An identity provider as stored; what `provider` holds depends on its type. */
export const identityProvider = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$' }),
    displayName: Type.Optional(Type.String({ maxLength: 100 })),
    type: Type.String({ maxLength: 64 }),
    mappingMethod: Type.Union(
      [Type.Literal('auto'), Type.Literal('lookup'), Type.Literal('mixed'), Type.Literal('generate')],
      { default: 'auto' },
    ),
    disableLoginConfirmation: Type.Boolean({ default: false }),
    /** The provider's group, and the group of this platform that its members are in. */
    groups: Type.Optional(Type.Record(Type.String(), Type.String())),
    provider: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
);

export type IdentityProviderConfig = Static<typeof identityProvider>;
