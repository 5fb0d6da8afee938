import { ApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import { Type } from 'typebox';
import { userNameFrom } from '../rules/identity-label.ts';
import { attemptOf, byOwnPassword, checkSameSite, credentials, enter, signedIn } from './console-session.ts';
import type { From, PasswordAttempt, SessionDeps } from './console-session.ts';
import { registrationMark, registrationMarkOf } from './cookies.ts';
import type { Proved } from './finish-sign-in.ts';

const path = '/session/registration';
const common = {
  scope: 'none',
  tag: 'Sign-in',
  path,
  permission: { by: 'open', why: 'the cookie holds what an identity provider has proved; without it nothing is made' },
} as const;

/** A person whom an identity provider vouches for and who has no account yet, as the page is told about them. */
export const registrationInfo = Type.Object({
  provider: Type.String(),
  providerName: Type.String(),
  /** As the provider names them; `suggestedName` is the same as a name of this platform, and may be ''. */
  username: Type.String(),
  suggestedName: Type.String(),
  email: Type.String(),
  /** The provider vouches for the address: the account has this one. */
  emailIsFixed: Type.Boolean(),
  displayName: Type.String(),
  /** Whether the identity may be linked to an account that exists. */
  mayLink: Type.Boolean(),
});

/** The step between an identity provider's word and an account. */
export function registrationRoutes(deps: SessionDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      summary: 'Make an account for an identity, or link it to one’s own, and sign in',
      body: Type.Object({
        name: Type.Optional(Type.String({ pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' })),
        email: Type.Optional(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 254 })),
        displayName: Type.Optional(Type.String({ maxLength: 253 })),
        link: Type.Optional(Type.Object({ ...credentials, code: Type.Optional(Type.String({ maxLength: 32 })) })),
      }),
      responses: { 200: signedIn },
      handle: (request) => register(deps, request),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      summary: 'Leave a registration; nothing is made of it',
      responses: { 204: Type.Undefined() },
      handle: async ({ headers }) => {
        checkSameSite(headers['sec-fetch-site']);
        await deps.mapping.forget(registrationMarkOf(headers.cookie));
        return new Reply(204, undefined, { 'set-cookie': registrationMark('', 0) });
      },
    }),
  ];
}

/** What the page shows of a registration under way; `Unauthorized` when it is not. */
export async function shownRegistration({ mapping, config }: SessionDeps, ticket: string): Promise<object> {
  const { identity, provider, mayLink } = await mapping.registrationOf(ticket);
  const { username, email = '', displayName = '' } = identity;
  const providerName = (await config.provider(provider))?.displayName ?? provider;
  const suggestedName = userNameFrom(username);
  return { provider, providerName, username, suggestedName, email, emailIsFixed: email !== '', displayName, mayLink };
}

type RegisterRequest = From & {
  readonly body: {
    readonly name?: string;
    readonly email?: string;
    readonly displayName?: string;
    readonly link?: { readonly username: string; readonly password: string; readonly code?: string };
  };
};

async function register(deps: SessionDeps, request: RegisterRequest): Promise<Reply> {
  const { body, headers } = request;
  checkSameSite(headers['sec-fetch-site']);
  const ticket = registrationMarkOf(headers.cookie);
  const registration = await deps.mapping.registrationOf(ticket);
  const attempt = { ...attemptOf(request), type: 'OAuth', provider: registration.provider };
  const proof = { isPassword: registration.byPassword, client: 'console' };
  if (body.link) {
    if (!registration.mayLink) throw deps.mapping.notLinked();
    const { user, about } = await proveOwner(deps, { ...attemptOf(request), ...body.link }, body.link.code);
    const linked = await deps.mapping.link(ticket, user);
    // A code that was asked for counts for what follows, whoever vouched for the rest.
    const isPassword = proof.isPassword && about.method !== 'second-factor';
    return enter(deps, await deps.finish.afterProvider(linked, attempt, { ...proof, isPassword }));
  }
  const { name = '', email = '', displayName } = body;
  if (name === '') throw missing('name', 'an account has a name');
  if (email === '') throw missing('email', 'an account has an e-mail address');
  const account = { name, email, ...(displayName ? { displayName } : {}) };
  const made = await deps.mapping.register(ticket, account);
  return enter(deps, await deps.finish.afterProvider(made, attempt, proof));
}

/** Who links an identity to an account proves that it is theirs, with everything the account asks for. */
async function proveOwner(deps: SessionDeps, attempt: PasswordAttempt, code = ''): Promise<Proved> {
  const result = await byOwnPassword(deps, attempt);
  if (result?.state === 'proved') return result.proved;
  if (result?.state !== 'second-factor') throw new ApiError('Unauthorized', 'the user name or the password is wrong');
  if (code === '') throw codeIsMissing();
  return deps.finish.withCode(result.ticket, code);
}

function codeIsMissing(): ApiError {
  const message = 'this account has a second factor; send its code too';
  const causes = [{ field: 'link.code', message, reason: 'FieldValueRequired' }];
  return new ApiError('Unauthorized', message, { details: { causes } });
}

function missing(field: string, message: string): ApiError {
  return new ApiError('Invalid', `${field}: ${message}`, {
    details: { causes: [{ field, message, reason: 'FieldValueRequired' }] },
  });
}
