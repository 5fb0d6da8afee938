import { randomBytes } from 'node:crypto';
import { ApiError } from '@kit/base';
import type { Logger } from '@kit/base';
import type { KubeClient } from '@kit/kube';
import { builtInClient } from '../rules/sign-in-settings.ts';
import type { IdentityProviderConfig } from '../rules/sign-in-settings.ts';
import type { FinishSignIn, Finished } from './finish-sign-in.ts';
import { syncGroups } from './identity-mapping.ts';
import type { IdentityMapping } from './identity-mapping.ts';
import type { LoginAttempt } from './login-records.ts';
import type { Providers } from './providers/make-provider.ts';
import type { Begun, Identity, RedirectProvider } from './providers/provider.ts';
import type { SignInConfig } from './sign-in-config.ts';
import type { SignInLimiter } from './sign-in-limiter.ts';
import type { Tickets } from './tickets.ts';

/** How a sign-in by a provider ends: as others do, or with an account still to be made. */
export type ProviderResult = Finished | { readonly state: 'registration'; readonly ticket: string };

/** Whose browser went to a provider, and where it is to go afterwards. */
export interface Away extends Begun {
  readonly provider: string;
  /** What the browser that left must bring back in a cookie: the answer is taken from no other. */
  readonly browser: string;
  /** A page of the console; absent: answer with tokens. */
  readonly next?: string;
}

export interface ProviderSignInDeps {
  readonly kube: KubeClient;
  readonly config: SignInConfig;
  readonly providers: Providers;
  readonly mapping: IdentityMapping;
  readonly finish: FinishSignIn;
  readonly tickets: Tickets;
  readonly limiter: SignInLimiter;
  readonly log: Logger;
}

const awayLifeMs = 600_000;

/** Signing in by identity providers, whichever way they work. */
export class ProviderSignIn {
  readonly #deps: ProviderSignInDeps;

  constructor(deps: ProviderSignInDeps) {
    this.#deps = deps;
  }

  /** By a directory: the password is typed here and proved there. `undefined` for a wrong one. */
  async withPassword(
    name: string,
    attempt: LoginAttempt & { readonly username: string; readonly password: string },
    client: string,
  ): Promise<ProviderResult | undefined> {
    const { providers, limiter, finish } = this.#deps;
    const config = await this.#config(name);
    const provider = providers.of(config);
    if (provider.kind !== 'password')
      throw new ApiError(
        'BadRequest',
        `identity provider "${name}" is not shown passwords; go to /oauth/login/${name}`,
      );
    await limiter.check(attempt.username, attempt.sourceIp);
    const identity = await this.#asked(name, provider.signIn(attempt.username, attempt.password));
    if (!identity) {
      await limiter.failed(attempt.username, attempt.sourceIp);
      return undefined;
    }
    await limiter.succeeded(attempt.username, attempt.sourceIp);
    const mapped = await this.#map(config, identity);
    if (mapped.state === 'registration') return mapped;
    const { sourceIp, userAgent } = attempt;
    return finish.afterPassword(mapped.user, { type: 'Token', sourceIp, userAgent, provider: name }, client);
  }

  /** Where to send the browser, and what to give it to bring back. */
  async begin(name: string, { callbackUrl, next }: { readonly callbackUrl: string; readonly next?: string }) {
    const config = await this.#config(name);
    const provider = this.#redirecting(config);
    const fixed = config.provider['redirectURL'];
    const away: Away = {
      provider: name,
      state: newSecret(),
      nonce: newSecret(),
      verifier: newSecret(),
      browser: newSecret(),
      callbackUrl: typeof fixed === 'string' && fixed !== '' ? fixed : callbackUrl,
      ...(next === undefined ? {} : { next }),
    };
    const location = await this.#asked(name, provider.begin(away));
    await this.#deps.tickets.put('provider', away.state, { value: away, lifeMs: awayLifeMs });
    return { location, browser: away.browser };
  }

  /** The sign-in that this state belongs to, taken: an answer counts once. */
  async takeAway(name: string, state: string): Promise<Away> {
    const away = await this.#deps.tickets.take<Away>('provider', state);
    if (away?.provider !== name)
      throw new ApiError('Unauthorized', 'this sign-in is not under way any more; begin again');
    return away;
  }

  /** What the provider's answer leads to. */
  async finish(away: Away, answer: URLSearchParams, attempt: LoginAttempt): Promise<ProviderResult> {
    const config = await this.#config(away.provider);
    const identity = await this.#asked(config.name, this.#redirecting(config).finish(away, answer));
    const mapped = await this.#map(config, identity);
    if (mapped.state === 'registration') return mapped;
    const by = { ...attempt, provider: away.provider };
    const how = { client: away.next === undefined ? builtInClient.name : 'console', isPassword: false };
    return { state: 'proved', proved: await this.#deps.finish.afterProvider(mapped.user, by, how) };
  }

  /** The one who signs in is told that a provider failed; why it did is for whoever configured it. */
  async #asked<T>(provider: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#deps.log.warn('identity provider did not vouch', { provider, error: reasonOf(error) });
      throw error;
    }
  }

  async #map(config: IdentityProviderConfig, identity: Identity) {
    if (identity.uid === '') throw new ApiError('Unauthorized', 'the identity provider did not say who you are');
    const byPassword = this.#deps.providers.of(config).kind === 'password';
    const mapped = await this.#deps.mapping.map(config, { identity, byPassword });
    if (mapped.state === 'user') await syncGroups(this.#deps, mapped.user, { config, identity });
    return mapped;
  }

  #redirecting(config: IdentityProviderConfig): RedirectProvider {
    const provider = this.#deps.providers.of(config);
    if (provider.kind === 'redirect') return provider;
    throw new ApiError('BadRequest', `identity provider "${config.name}" takes a name and a password`);
  }

  async #config(name: string): Promise<IdentityProviderConfig> {
    const config = await this.#deps.config.provider(name);
    if (!config) throw new ApiError('NotFound', `there is no identity provider "${name}"`);
    return config;
  }
}

/** The chain of causes in words: the library's own sentences, which quote neither tokens nor codes. */
function reasonOf(error: unknown): string {
  const words: string[] = [];
  for (let one = error; one instanceof Error && words.length < 5; one = one.cause) words.push(one.message);
  return words.join(': ');
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
