import type { KubeObject, ResourceType } from './types.ts';

/** One object of a view: what lists sort and filter by as plain fields, the rest as JSON bytes. */
export interface Row<T extends KubeObject = KubeObject> {
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** The whole object without `managedFields`, with `kind` and `apiVersion`, as UTF-8 JSON. */
  readonly json: Uint8Array;
  /** The parsed object; parsed anew at each call, so the caller may change it. */
  object(): T;
}

export type ViewEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'added' | 'modified'; readonly row: Row<T>; readonly previous?: Row<T> }
  | { readonly type: 'deleted'; readonly row: Row<T>; readonly previous: Row<T> };

/** What rows are sorted by; the same row must always give the same key. */
export type SortKey = (row: Row) => number | string;

/**
 * The objects of one kind, kept current by one shared list and watch. Reads are synchronous and never leave the
 * process. A view that has not yet synced is empty; `synced` tells.
 */
export interface View<T extends KubeObject = KubeObject> {
  readonly type: ResourceType;
  readonly synced: boolean;
  readonly size: number;
  /** Resolves after the first full list. */
  ready(signal?: AbortSignal): Promise<void>;
  get(namespace: string, name: string): Row<T> | undefined;
  /** Rows of one namespace, or of all, in no promised order; cost is that of the namespace asked for. */
  rows(namespace?: string): Iterable<Row<T>>;
  /**
   * Rows of one namespace, or of all, ascending by `sortKey`, then name, then namespace; true until the view's next
   * change. The order is kept while it is asked for, so give the same function each time.
   */
  ordered(sortKey: SortKey, namespace?: string): readonly Row<T>[];
  /** Calls `listener` for each later change, in order; one that throws is logged and harms nobody. */
  subscribe(listener: (event: ViewEvent<T>) => void): () => void;
}

/** The cached views of one cluster: asking for a kind starts its watch, which lives until `stop`. */
export interface Views {
  readonly name: string;
  of<T extends KubeObject = KubeObject>(type: ResourceType): View<T>;
  /** The kinds asked for so far, and whether each has synced. */
  state(): readonly { readonly type: ResourceType; readonly synced: boolean; readonly size: number }[];
  stop(): Promise<void>;
}
