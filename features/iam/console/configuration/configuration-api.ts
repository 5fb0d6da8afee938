const own = '/kapis/iam.freehold.io/v1alpha1';

export const configurationPaths = {
  settings: `${own}/signinsettings`,
  providers: `${own}/identityproviders`,
  provider: (name: string) => `${own}/identityproviders/${encodeURIComponent(name)}`,
  clients: `${own}/oauthclients`,
  client: (name: string) => `${own}/oauthclients/${encodeURIComponent(name)}`,
} as const;

export interface SignInSettings {
  readonly externalUrl: string;
  readonly multipleLogin: boolean;
  readonly accessTokenMaxAge: number;
  readonly accessTokenInactivityTimeout: number;
  readonly sessionMaxAge: number;
  readonly authenticateRateLimiterMaxTries: number;
  readonly authenticateRateLimiterDuration: number;
  readonly secondFactor: 'optional' | 'required';
  readonly apiTokenMaxDays: number;
  readonly passwordPolicy: { readonly minLength: number; readonly needsSymbol: boolean; readonly maxAgeDays: number };
}

export type MappingMethod = 'auto' | 'lookup' | 'mixed' | 'generate';

export interface ProviderItem {
  readonly name: string;
  readonly displayName?: string;
  readonly type: string;
  readonly mappingMethod: MappingMethod;
  readonly disableLoginConfirmation: boolean;
  readonly groups?: Readonly<Record<string, string>>;
  readonly provider: Readonly<Record<string, unknown>>;
  /** Settings that are there and not told. */
  readonly secrets: readonly string[];
}

export interface ClientItem {
  readonly name: string;
  readonly displayName?: string;
  readonly hasSecret: boolean;
  readonly redirectURIs: readonly string[];
  readonly grantMethod: 'auto' | 'prompt' | 'deny';
  readonly postLogoutRedirectURIs?: readonly string[];
}

/** The client that is always there, and cannot be changed. */
export const builtInClient = 'kubesphere';
