import * as openid from 'openid-client';
import type { Begun } from './provider.ts';
import { exchangeFailure, isClientRefused } from './exchange-failure.ts';

/** How a client shows its secret: RFC 6749, 2.3.1. */
export type SecretBy = 'basic' | 'post';

export interface CodeExchangeOptions {
  readonly server: openid.ServerMetadata;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly call: typeof fetch;
  /** Whether the provider may be spoken to without TLS. */
  readonly isPlain: boolean;
  /** The ways to try, in this order. */
  readonly secretBy: readonly SecretBy[];
  readonly clockToleranceSeconds: number;
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

/**
 * Sends the browser away for a code and makes tokens of it. Providers differ in how they want the secret and do not always
 * say it; one that refuses the first way is asked in the other, and from then on in the one it took.
 */
export class CodeExchange {
  readonly #configurations: openid.Configuration[];

  constructor(options: CodeExchangeOptions) {
    this.#configurations = authentications(options).map((by) => configurationOf(options, by));
  }

  /** The one in use, for other requests to the same provider. */
  get configuration(): openid.Configuration {
    const [first] = this.#configurations;
    if (!first) throw new Error('there is no way to show a client to the provider');
    return first;
  }

  /** Where the browser is sent. `more` goes before the rest. */
  async authorizationUrl({ state, verifier, callbackUrl }: Begun, more: Record<string, string>): Promise<string> {
    const url = openid.buildAuthorizationUrl(this.configuration, {
      redirect_uri: callbackUrl,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      ...more,
    });
    return url.href;
  }

  /** The tokens for the code in the provider's answer; throws what `exchangeFailure` makes of a failure. */
  async tokensFor(begun: Begun, answer: URLSearchParams, checks: openid.AuthorizationCodeGrantChecks): Promise<Tokens> {
    const url = new URL(begun.callbackUrl);
    url.search = answer.toString();
    const all = { pkceCodeVerifier: begun.verifier, expectedState: begun.state, ...checks };
    for (const [at, configuration] of [...this.#configurations].entries()) {
      try {
        const tokens = await openid.authorizationCodeGrant(configuration, url, all);
        if (at > 0) this.#configurations.splice(0, this.#configurations.length, configuration);
        return tokens;
      } catch (error) {
        if (at + 1 === this.#configurations.length || !isClientRefused(error)) throw exchangeFailure(error);
      }
    }
    throw new Error('there is no way to show a client to the provider');
  }
}

function authentications({ clientSecret, secretBy }: CodeExchangeOptions): openid.ClientAuth[] {
  if (!clientSecret) return [openid.None()];
  return secretBy.map((by) =>
    by === 'basic' ? openid.ClientSecretBasic(clientSecret) : openid.ClientSecretPost(clientSecret),
  );
}

function configurationOf(options: CodeExchangeOptions, by: openid.ClientAuth): openid.Configuration {
  const { server, clientId, call, isPlain, clockToleranceSeconds } = options;
  const metadata = { [openid.clockTolerance]: clockToleranceSeconds };
  const configuration = new openid.Configuration(server, clientId, metadata, by);
  configuration[openid.customFetch] = call; // undici's copy of the same types
  if (isPlain) openid.allowInsecureRequests(configuration);
  return configuration;
}
