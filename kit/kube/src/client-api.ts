import type { KubeList, KubeObject, ObjectKey, PatchType, ResourceType, WatchEvent } from './types.ts';

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly signal?: AbortSignal;
}

export interface ListOptions extends RequestOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface WriteOptions extends RequestOptions {
  /** Runs admission and validation and answers with the result, but stores nothing. */
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** The last part of the path: `status`, `scale`, ... */
  readonly subresource?: string;
}

export interface PatchOptions extends WriteOptions {
  readonly type: PatchType;
  /** Server-side apply only: takes fields over from other managers. */
  readonly force?: boolean;
}

export interface DeleteOptions extends RequestOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export interface RawRequest extends RequestOptions {
  readonly method: string;
  /** Absolute path on the API server, query excluded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | NodeJS.ReadableStream;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: NodeJS.ReadableStream;
}

/**
 * One API server, over a pool of kept-alive connections. Every failed call throws an `ApiError` with the reason,
 * message, code and details of the server's Status; a server that cannot be reached is `ServiceUnavailable`.
 */
export interface KubeClient {
  readonly server: string;
  get<T extends KubeObject = KubeObject>(type: ResourceType, key: ObjectKey, options?: RequestOptions): Promise<T>;
  /** The same as `get`, but a missing object is `undefined`. */
  find<T extends KubeObject = KubeObject>(
    type: ResourceType,
    key: ObjectKey,
    options?: RequestOptions,
  ): Promise<T | undefined>;
  /** The whole collection, fetched in pages of 500. */
  list<T extends KubeObject = KubeObject>(type: ResourceType, options?: ListOptions): Promise<KubeList<T>>;
  create<T extends KubeObject = KubeObject>(type: ResourceType, object: T, options?: WriteOptions): Promise<T>;
  update<T extends KubeObject = KubeObject>(type: ResourceType, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject = KubeObject>(
    type: ResourceType,
    key: ObjectKey,
    patch: unknown,
    options: PatchOptions,
  ): Promise<T>;
  /** Server-side apply of exactly the given fields; `fieldManager` is required, conflicts throw `Conflict` unless forced. */
  apply<T extends KubeObject = KubeObject>(
    type: ResourceType,
    object: T,
    options: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
  ): Promise<T>;
  /** Resolves when the server has accepted the deletion, which may leave the object waiting for finalizers. */
  delete(type: ResourceType, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  /** One watch connection from `resourceVersion` until the server ends it; an expired version throws `Expired`. */
  watch<T extends KubeObject = KubeObject>(
    type: ResourceType,
    options: ListOptions & { readonly resourceVersion?: string },
  ): AsyncIterable<WatchEvent<T>>;
  /** Any JSON request, for what the methods above do not cover (discovery, tokens, reviews). */
  json<T>(request: RawRequest): Promise<T>;
  /** The response as it comes, status and all, for pass-through. Throws only when the server cannot be reached. */
  raw(request: RawRequest): Promise<RawResponse>;
  /** Opens an upgraded connection (WebSocket or SPDY) and gives the raw socket after the server's `101`, or its refusal. */
  upgrade(request: RawRequest): Promise<UpgradeResult>;
  close(): Promise<void>;
}

export type UpgradeResult =
  | {
      readonly upgraded: true;
      readonly headers: RawResponse['headers'];
      readonly socket: NodeJS.ReadWriteStream;
      readonly head: Uint8Array;
    }
  | { readonly upgraded: false; readonly response: RawResponse };
