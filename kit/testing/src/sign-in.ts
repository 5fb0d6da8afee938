export interface Session {
  readonly token: string;
  /** One request as this user; a JSON body is sent as such, and the answer is read as JSON where it is. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

function sessionOf(url: string, token: string): Session {
  return {
    token,
    // eslint-disable-next-line max-params -- method, path and body read in this order at every call; headers are rare
    async call<T>(
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer<T>> {
      const response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (json && text ? JSON.parse(text) : undefined) as T,
      }; // the caller names the shape it asserts
    },
  };
}

/** Signs in with the password grant, as a client of the KubeSphere API does; throws with the server's words when refused. */
export async function signIn(url: string, username: string, password: string): Promise<Session> {
  const response = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'password', client_id: 'kubesphere', username, password }),
  });
  const answer = (await response.json()) as { access_token?: string }; // RFC 6749, 5.1
  if (!answer.access_token)
    throw new Error(`sign-in of ${username} was refused: ${response.status} ${JSON.stringify(answer)}`);
  return sessionOf(url, answer.access_token);
}
