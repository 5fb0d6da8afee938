import type { IncomingHttpHeaders } from 'node:http';
import type { Static, TObject, TSchema } from 'typebox';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who calls: the name and groups that authorization decides by. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What part of the tree a route acts in; the authorization matrix is generated from it. */
export type Scope = 'platform' | 'workspace' | 'project' | 'cluster' | 'none';

/**
 * The right a route asks for. There is no default: a route without one does not compile.
 * - `rbac`: the roles of the caller decide, by the verb, group, resource, scope and name read off the path,
 *   or by `attributes` where the path does not say it.
 * - `signedIn`: any signed-in user; `why` says what keeps one user from another's data.
 * - `open`: anyone; `why` says why that is safe.
 */
export type Permission =
  | { readonly by: 'rbac'; readonly attributes?: Readonly<Record<string, string>> }
  | { readonly by: 'signedIn'; readonly why: string }
  | { readonly by: 'open'; readonly why: string };

export interface RouteSchemas {
  readonly params?: TObject;
  readonly query?: TObject;
  /** A JSON body (also accepted as YAML) or, with `form: true`, an urlencoded one. */
  readonly body?: TSchema;
  /** The schema of each success status; failures are always a Status. */
  readonly responses: Readonly<Record<number, TSchema>>;
}

type ValueOf<S> = S extends TSchema ? Static<S> : undefined;

export interface RouteRequest<S extends RouteSchemas = RouteSchemas> {
  readonly params: ValueOf<S['params']>;
  readonly query: ValueOf<S['query']>;
  readonly body: ValueOf<S['body']>;
  readonly user: User;
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  /** The caller's address as the socket has it; forwarded headers are never believed. */
  readonly sourceIp: string;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** A response with another status than the first declared one, or with headers. */
export class Reply<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;

  constructor(status: number, body: T, headers: Readonly<Record<string, string | readonly string[]>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** JSON that is already encoded: sent as it stands, never parsed or checked again. */
export class JsonBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** The same in pieces, which are sent one after the other as fast as the caller takes them; a long answer is not copied. */
export class JsonParts {
  readonly parts: Iterable<Uint8Array>;

  constructor(parts: Iterable<Uint8Array>) {
    this.parts = parts;
  }
}

export interface Route<S extends RouteSchemas = RouteSchemas> extends RouteSchemas {
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes them: `/kapis/iam.kubesphere.io/v1alpha2/users/{user}`. */
  readonly path: string;
  readonly scope: Scope;
  readonly permission: Permission;
  /** One sentence for the API reference. */
  readonly summary: string;
  /** Group of the API reference, e.g. `Users`. */
  readonly tag: string;
  readonly form?: boolean;
  /** Answers with the value of the first declared status, a `Reply`, `JsonBytes`, `JsonParts`, or a promise of one of them. */
  readonly handle: (request: RouteRequest<S>) => unknown;
}

/** What a route's own types are made of: its three schemas, each of which may be absent. */
interface Declared<
  P extends TObject | undefined,
  Q extends TObject | undefined,
  B extends TSchema | undefined,
> extends Omit<Route, 'params' | 'query' | 'body' | 'handle'> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (request: TypedRequest<P, Q, B>) => unknown;
}

type TypedRequest<P, Q, B> = Omit<RouteRequest, 'params' | 'query' | 'body'> & {
  readonly params: ValueOf<P>;
  readonly query: ValueOf<Q>;
  readonly body: ValueOf<B>;
};

/** Declares a route; the handler's `params`, `query` and `body` have the types of their schemas. */
export function defineRoute<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(route: Declared<P, Q, B>): Route {
  return route as unknown as Route; // the table of routes forgets each handler's own types; the schemas check the values at run time
}
