import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { JWK, JWTHeaderParameters, JWTPayload } from 'jose';
import Provider from 'oidc-provider';

/** A person as the provider knows them; `sub` is what they type there. */
export interface Person {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly preferred_username?: string;
  readonly name?: string;
  readonly groups?: readonly string[];
}

export const client = { id: 'freehold', secret: 'a-secret:with/odd+characters' };

/** Changes an answer of the provider on its way out. */
export type Change = (body: Record<string, unknown>) => Promise<Record<string, unknown>> | Record<string, unknown>;

/** A real OpenID provider (oidc-provider) on a free port, whose answers a test can change and whose keys it can replace. */
export interface OpenIdProvider {
  readonly issuer: string;
  /** Changes what the token endpoint, or the one that tells of a user, answers; `undefined` leaves it as it is. */
  change: { token?: Change | undefined; userinfo?: Change | undefined };
  /** Replaces the provider's keys: from now on it signs by another one, and publishes no other. */
  rotate(): Promise<void>;
  /** Claims signed by the provider's own key, or by `key` in its name. */
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>, key?: JWK): Promise<string>;
  newKey(): Promise<JWK>;
  stop(): Promise<void>;
}

let made = 0;

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  made += 1;
  return { ...(await exportJWK(privateKey)), kid: `key-${made}`, alg: 'RS256', use: 'sig' };
}

interface Options {
  readonly people: Readonly<Record<string, Person>>;
  readonly redirectUris: readonly string[];
  readonly authMethod?: 'client_secret_basic' | 'client_secret_post';
}

export async function startOpenIdProvider({ people, redirectUris, authMethod }: Options): Promise<OpenIdProvider> {
  const change: OpenIdProvider['change'] = {};
  let key = await newKey();
  let listener = (): ReturnType<Provider['callback']> => () => undefined;
  const server = createServer((request, response) => void listener()(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is never a pipe's name

  const begin = (): void => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          redirect_uris: redirectUris,
          token_endpoint_auth_method: authMethod ?? 'client_secret_basic',
        },
      ],
      jwks: { keys: [key] },
      features: { devInteractions: { enabled: true } },
      pkce: { required: () => true },
      cookies: { keys: ['counterpart'] },
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['preferred_username', 'name', 'groups'],
      },
      findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    });
    provider.use(async (context, next) => {
      await next();
      const edit = change[context.oidc?.route as keyof typeof change];
      if (edit) context.body = await edit(context.body);
    });
    const callback = provider.callback();
    listener = () => callback;
  };
  begin();
  return {
    issuer,
    change,
    newKey,
    async rotate() {
      key = await newKey();
      begin();
    },
    async sign(claims, header = {}, by = key) {
      const kid = key.kid ?? '';
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, ...header })
        .sign(await importJWK(by, 'RS256'));
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
