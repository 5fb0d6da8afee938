import { RequestError, toRequestError } from './request-error.ts';

/** Sent to the window when the session may have ended (a refusal is also what nobody gets), so that the shell looks. */
export const unauthorizedEvent = 'freehold:unauthorized';

export type QueryValue = string | number | boolean | undefined;

export interface RequestOptions {
  /** Query parameters; undefined ones are left out. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a write answered, with the `Warning` headers of admission and deprecation. */
export interface Written<T> {
  readonly object: T;
  readonly warnings: readonly string[];
}

function urlOf(path: string, query: RequestOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(entries.map(([key, value]) => [key, String(value)]));
  return search.size > 0 ? `${path}?${search}` : path;
}

interface Sent extends RequestOptions {
  readonly method: string;
  readonly body?: BodyInit;
  readonly contentType?: string;
}

async function send(path: string, { method, body, contentType, query, signal, headers }: Sent): Promise<Response> {
  const tried = `${method} ${path}`;
  let response: Response;
  try {
    response = await fetch(urlOf(path, query), {
      method,
      body,
      signal,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(contentType ? { 'content-type': contentType } : {}), ...headers },
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new RequestError({ status: 0, reason: 'Offline', message: 'the server did not answer', tried, cause });
  }
  if ((response.status === 401 || response.status === 403) && path !== '/session')
    window.dispatchEvent(new Event(unauthorizedEvent));
  if (!response.ok) throw await toRequestError(response, tried);
  return response;
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T; // the caller states what the endpoint answers
}

/** `299 - "text"` of RFC 9111, several of them joined by commas. */
function warningsOf(response: Response): string[] {
  const header = response.headers.get('warning') ?? '';
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? '').replace(/\\(.)/g, '$1'),
  );
}

interface Write extends RequestOptions {
  readonly method: string;
  readonly body: unknown;
  readonly contentType?: string;
}

async function write<T>(path: string, { body, ...options }: Write): Promise<Written<T>> {
  const isEmpty = body === undefined;
  const text = isEmpty || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await send(path, { contentType: isEmpty ? undefined : 'application/json', ...options, body: text });
  return { object: await json<T>(response), warnings: warningsOf(response) };
}

interface PatchOptions extends RequestOptions {
  readonly kind: keyof typeof patchTypes;
}

/** The platform's API, with the session cookie of this browser. A failure is a `RequestError`. */
export const api = {
  async get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return json<T>(await send(path, { ...options, method: 'GET' }));
  },
  /** The raw response, e.g. to follow a log. */
  stream(path: string, options: RequestOptions = {}): Promise<Response> {
    return send(path, { ...options, method: 'GET', headers: { accept: '*/*', ...options.headers } });
  },
  post<T>(path: string, body: unknown, options?: RequestOptions): Promise<Written<T>> {
    return write<T>(path, { ...options, method: 'POST', body });
  },
  put<T>(path: string, body: unknown, options?: RequestOptions): Promise<Written<T>> {
    return write<T>(path, { ...options, method: 'PUT', body });
  },
  /** `merge` = RFC 7386, `strategic` = Kubernetes' own, `json` = RFC 6902, `apply` = server-side apply (YAML text or object). */
  patch<T>(path: string, body: unknown, { kind, ...options }: PatchOptions): Promise<Written<T>> {
    return write<T>(path, { ...options, method: 'PATCH', body, contentType: patchTypes[kind] });
  },
  delete<T>(path: string, options?: RequestOptions & { body?: unknown }): Promise<Written<T>> {
    return write<T>(path, { body: undefined, ...options, method: 'DELETE' });
  },
};

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;
