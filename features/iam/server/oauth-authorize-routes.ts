import { ApiError } from '@kit/base';
import { Reply, defineRoute } from '@kit/http';
import type { Route, RouteRequest, User } from '@kit/http';
import { Type } from 'typebox';
import { iamTypes } from '../contract/index.ts';
import type { UserObject } from '../contract/index.ts';
import { readAuthorizeRequest } from '../rules/authorize-request.ts';
import type { AuthorizeParameters, AuthorizeProblem, AuthorizeRequest } from '../rules/authorize-request.ts';
import { isRegistered } from '../rules/redirect-uri.ts';
import type { OAuthClient } from '../rules/sign-in-settings.ts';
import { sessionOf } from './authenticate.ts';
import { issuerOf } from './issuer.ts';
import type { CodeGrant } from './oauth-token-route.ts';
import type { OauthParts } from './token-issue.ts';

const text = Type.Optional(Type.String({ maxLength: 2048 }));
const parameters = Type.Object({
  response_type: text,
  client_id: text,
  redirect_uri: text,
  scope: text,
  state: text,
  nonce: text,
  prompt: text,
  code_challenge: text,
  code_challenge_method: text,
});
const approval = Type.Object({
  ...parameters.properties,
  /** Absent: only asks what would be approved. */
  decision: Type.Optional(Type.Union([Type.Literal('approve'), Type.Literal('deny')])),
});

const tag = 'Sign-in';
const codeLifeMs = 60_000;

/**
 * `/oauth/authorize`: the way in for other applications. The browser is sent to a page of the console, where who is not
 * signed in signs in; that page asks here what is wanted, and says whether the user agrees.
 */
export function authorizeRoutes(parts: OauthParts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/oauth/authorize',
      scope: 'none',
      permission: { by: 'open', why: 'only shows the page on which a signed-in user decides; gives nothing out' },
      summary: 'Ask for an authorization code; leads to the page where the user agrees',
      tag,
      query: parameters,
      responses: { 302: Type.Undefined() },
      handle: async ({ query }) => {
        const { request, back } = await read(parts, query);
        if ('error' in request) return redirect(problemUrl(back, request, query.state));
        return redirect(`/authorize?${new URLSearchParams(definedOf(query)).toString()}`);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/oauth/authorize',
      scope: 'none',
      permission: { by: 'signedIn', why: 'a caller gives a client access to their own account only, and says so' },
      summary: 'Say what an application asks for, and approve or deny it',
      tag,
      body: approval,
      responses: {
        200: Type.Object({
          client: Type.Object({ name: Type.String(), displayName: Type.String() }),
          scopes: Type.Array(Type.String()),
          needsApproval: Type.Boolean(),
          redirectTo: Type.Optional(Type.String()),
        }),
      },
      handle: (asked) => decide(parts, asked),
    }),
  ];
}

interface Read {
  readonly client: OAuthClient;
  readonly back: string;
  readonly request: AuthorizeRequest | AuthorizeProblem;
}

/** Until client and address are known to fit, nothing is sent anywhere: the failure is shown here. */
async function read({ config }: OauthParts, query: AuthorizeParameters): Promise<Read> {
  const client = await config.client(query.client_id ?? '');
  if (!client) throw new ApiError('BadRequest', `client_id: there is no OAuth client "${query.client_id ?? ''}"`);
  const back = query.redirect_uri ?? '';
  if (!isRegistered(client.redirectURIs, back))
    throw new ApiError('BadRequest', `redirect_uri: client "${client.name}" has not registered this address`);
  return { client, back, request: readAuthorizeRequest(client, query) };
}

type Decision = Pick<RouteRequest, 'headers' | 'sourceIp'> & {
  readonly user: User;
  readonly body: AuthorizeParameters & { readonly decision?: 'approve' | 'deny' };
};

async function decide(parts: OauthParts, { user, body, headers, sourceIp }: Decision): Promise<unknown> {
  const { client, back, request } = await read(parts, body);
  const shown = { name: client.name, displayName: client.displayName ?? client.name };
  if ('error' in request) {
    const redirectTo = problemUrl(back, request, body.state);
    return { client: shown, scopes: [], needsApproval: false, redirectTo };
  }
  const answer = { client: shown, scopes: request.scopes, needsApproval: client.grantMethod !== 'auto' };
  if (body.decision === 'deny') {
    const denied = { error: 'access_denied', description: 'the user did not agree' };
    return { ...answer, redirectTo: problemUrl(back, denied, body.state) };
  }
  if (body.decision !== 'approve' && answer.needsApproval) return answer;
  const grant = await grantOf(parts, { user, client, request, back, headers, sourceIp });
  const code = await parts.tickets.make('code', grant, codeLifeMs);
  return { ...answer, redirectTo: withQuery(back, { code, ...(body.state ? { state: body.state } : {}) }) };
}

interface Granting extends Pick<RouteRequest, 'headers' | 'sourceIp'> {
  readonly user: User;
  readonly client: OAuthClient;
  readonly request: AuthorizeRequest;
  readonly back: string;
}

async function grantOf(parts: OauthParts, granting: Granting): Promise<CodeGrant> {
  const { user, client, request, back, headers, sourceIp } = granting;
  const parent = sessionOf(user);
  const session = parent === undefined ? undefined : await parts.sessions.find(parent);
  if (!session) throw new ApiError('Forbidden', 'sign in to the console to give an application access');
  if (session.about.scopes) throw new ApiError('Forbidden', 'an application cannot give another one access');
  const { metadata } = await parts.kube.get<UserObject>(iamTypes.users, { name: user.name });
  return {
    client: client.name,
    redirectUri: back,
    userName: user.name,
    userUid: metadata.uid ?? '',
    ...request,
    method: session.about.method,
    ...(session.about.provider === undefined ? {} : { provider: session.about.provider }),
    sourceIp,
    userAgent: headers['user-agent'] ?? '',
    issuer: await issuerOf(parts.config, headers.host),
    parent: session.id,
  };
}

function problemUrl(back: string, { error, description }: AuthorizeProblem, state: string | undefined): string {
  return withQuery(back, { error, error_description: description, ...(state ? { state } : {}) });
}

/** The registered address, to the letter, and the answer behind it. */
function withQuery(address: string, answer: Record<string, string>): string {
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(answer).toString()}`;
}

function redirect(location: string): Reply {
  return new Reply(302, undefined, { location });
}

function definedOf(query: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
