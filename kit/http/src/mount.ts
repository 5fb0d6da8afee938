import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Permission, Scope, User } from './route.ts';

/** What a raw handler knows about the request it was given. */
export interface RawContext {
  readonly user: User;
  readonly requestId: string;
  /** The caller's address as the socket has it; forwarded headers are never believed. */
  readonly sourceIp: string;
  /**
   * Aborted when the caller goes away, when the server stops, and when the caller's credential or right ends while the
   * connection is open; the reason is then the `ApiError` to tell. The connection is cut a second later at the latest.
   */
  readonly signal: AbortSignal;
}

interface RawTarget {
  /** Everything at and below this path, e.g. `/apis`. The longest prefix wins; a route of the table wins over all. */
  readonly prefix: string;
  readonly scope: Scope;
  readonly permission: Permission;
  readonly summary: string;
}

/** A streaming handler for every method below a prefix. It runs after authentication and authorization. */
export interface Mount extends RawTarget {
  readonly handle: (request: IncomingMessage, response: ServerResponse, context: RawContext) => Promise<void> | void;
}

/** A connection that asks to change protocol, and what has been read of it so far. */
export interface RawConnection {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** Bytes that came right behind the request. */
  readonly head: Buffer;
}

/** A handler for connections that ask to change protocol (WebSocket, SPDY) below a prefix; likewise authorized first. */
export interface Upgrade extends RawTarget {
  readonly handle: (connection: RawConnection, context: RawContext) => Promise<void> | void;
}
