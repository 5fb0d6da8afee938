import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answers a user's token with. */
export interface Account {
  readonly user: Record<string, unknown>;
  readonly emails?: readonly object[];
}

export interface GitServer {
  readonly url: string;
  /** What came with each request to the token endpoint: how the client showed itself. */
  readonly tokenRequests: Record<string, string>[];
  stop(): Promise<void>;
}

interface Flavour {
  readonly authorize: string;
  readonly token: string;
  readonly user: string;
  readonly emails?: string;
  /** How a code that is not known, or not for this verifier, is refused: status and `error`. */
  readonly refusal: readonly [status: number, error: string];
  /** GitHub refuses requests without a User-Agent. */
  readonly needsAgent: boolean;
  /** GitHub answers a form unless JSON is asked for. */
  readonly answersForm: boolean;
}

/**
 * GitHub's and GitLab's sign-in as their documentation describes the endpoints (GitHub: "Authorizing OAuth apps", "Get the
 * authenticated user", "List email addresses"; GitLab: "OAuth 2.0 identity provider API", "Get the current user"). Neither
 * can be run here; these servers stand for them at the other end of a real connection.
 */
const flavours = {
  github: {
    authorize: '/login/oauth/authorize',
    token: '/login/oauth/access_token',
    user: '/user',
    emails: '/user/emails',
    refusal: [200, 'bad_verification_code'],
    needsAgent: true,
    answersForm: true,
  },
  gitlab: {
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    user: '/api/v4/user',
    refusal: [400, 'invalid_grant'],
    needsAgent: false,
    answersForm: false,
  },
} as const satisfies Record<string, Flavour>;

export const gitClient = { id: 'Iv1.freehold', secret: 'git-server-secret' };

interface Given {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly scope: string;
}

/** Starts one of them on a free port. Who goes there is signed in as `account` already. */
export async function startGitServer(kind: keyof typeof flavours, account: Account): Promise<GitServer> {
  const flavour: Flavour = flavours[kind];
  const codes = new Map<string, Given>();
  const tokens = new Map<string, string>();
  const tokenRequests: Record<string, string>[] = [];

  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    const back = new URL(query.get('redirect_uri') ?? '');
    const code = randomBytes(10).toString('hex');
    codes.set(code, {
      redirectUri: back.href,
      challenge: query.get('code_challenge') ?? '',
      scope: query.get('scope') ?? '',
    });
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state') ?? '');
    // RFC 9207; nobody has told the platform what the server calls itself.
    back.searchParams.set('iss', `https://${kind}.example/login`);
    response.writeHead(query.get('client_id') === gitClient.id ? 302 : 404, { location: back.href }).end();
  };

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    tokenRequests.push(form);
    const [status, body] = exchange(form);
    const isForm = flavour.answersForm && !request.headers.accept?.includes('json');
    response.writeHead(status, { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' });
    response.end(isForm ? new URLSearchParams(body).toString() : JSON.stringify(body));
  };

  const exchange = (form: Record<string, string>): [status: number, body: Record<string, string>] => {
    if (form['client_id'] !== gitClient.id || form['client_secret'] !== gitClient.secret)
      return [flavour.answersForm ? 200 : 401, { error: 'invalid_client' }];
    const { code = '', code_verifier: verifier = '' } = form;
    const given = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (given?.redirectUri !== form['redirect_uri'] || given?.challenge !== challenge)
      return [flavour.refusal[0], { error: flavour.refusal[1], error_description: 'The code is wrong.' }];
    const made = randomBytes(20).toString('hex');
    tokens.set(made, given.scope);
    return [200, { access_token: made, token_type: 'bearer', scope: given.scope }];
  };

  const api = (request: IncomingMessage, response: ServerResponse, body: unknown): void => {
    const bearer = /^Bearer (\w+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const status = flavour.needsAgent && !request.headers['user-agent'] ? 403 : tokens.has(bearer) ? 200 : 401;
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(status === 200 ? body : { message: 'Bad credentials' }));
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
    if (pathname === flavour.authorize) authorize(searchParams, response);
    else if (pathname === flavour.token && request.method === 'POST') void token(request, response);
    else if (pathname === flavour.user) api(request, response, account.user);
    else if (pathname === flavour.emails) api(request, response, account.emails ?? []);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return {
    url: `http://127.0.0.1:${port}`,
    tokenRequests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // a stream without an encoding gives buffers
  return Buffer.concat(chunks).toString('utf8');
}
