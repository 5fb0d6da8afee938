import type { Facet, FacetValue } from './facet.ts';
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
  /** The value of a facet, derived at most once for a row; it is shared and must not be changed. */
  value<V extends FacetValue>(facet: Facet<V>): V;
}

export type ViewEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'added' | 'modified'; readonly row: Row<T>; readonly previous?: Row<T> }
  | { readonly type: 'deleted'; readonly row: Row<T>; readonly previous: Row<T> };

/** What rows are sorted by; the same row must always give the same key. */
export type SortKey = (row: Row) => number | string;

/** Which rows of a view are wanted. */
export interface RowFilter {
  /**
   * Two filters with one key choose the same rows of the same state, by the row alone: what they choose may be kept and
   * followed. Absent when the choice depends on anything else.
   */
  readonly key?: string;
  readonly test: (row: Row) => boolean;
}

/** Several namespaces; two sets with one key hold the same names. */
export interface NamespaceSet {
  readonly key: string;
  readonly names: ReadonlySet<string>;
}

export interface Selection {
  readonly sortKey: SortKey;
  /** One namespace, several, or (absent) all. */
  readonly within?: string | NamespaceSet | undefined;
  readonly filter?: RowFilter | undefined;
}

/**
 * The objects of one kind, kept current by one shared list and watch. Reads are synchronous and never leave the
 * process. A view that has not yet synced is empty; `synced` tells.
 */
export interface View<T extends KubeObject = KubeObject> {
  readonly type: ResourceType;
  readonly synced: boolean;
  /** False when the server does not serve the kind, as far as is known. */
  readonly served: boolean;
  readonly size: number;
  /** Resolves after the first full list. */
  ready(signal?: AbortSignal): Promise<void>;
  get(namespace: string, name: string): Row<T> | undefined;
  /** Rows of one namespace, or of all, in no promised order; cost is that of the namespace asked for. */
  rows(namespace?: string): Iterable<Row<T>>;
  /** How many rows a namespace has. */
  sizeOf(namespace: string): number;
  /**
   * Rows of one namespace, or of all, ascending by `sortKey`, then name, then namespace; true until the view's next
   * change. The order is kept while it is asked for, so give the same function each time.
   */
  ordered(sortKey: SortKey, namespace?: string): readonly Row<T>[];
  /** The same of the rows that a selection chooses; what is asked for again and again is followed and not chosen anew. */
  select(selection: Selection): readonly Row<T>[];
  /** Rows that arrive from now on have these values at hand; asking for them never parses those. */
  declare(facets: readonly Facet[]): void;
  /** Calls `listener` for each later change, in order; one that throws is logged and harms nobody. */
  subscribe(listener: (event: ViewEvent<T>) => void): () => void;
}

/** What a view holds, for metrics and probes. */
export interface ViewState {
  readonly type: ResourceType;
  readonly synced: boolean;
  readonly served: boolean;
  readonly size: number;
  /** Of the objects' JSON; what else a row takes is about 700 bytes. */
  readonly bytes: number;
}

/** The cached views of one cluster: asking for a kind starts its watch, which lives until `stop`. */
export interface Views {
  readonly name: string;
  of<T extends KubeObject = KubeObject>(type: ResourceType): View<T>;
  /** The kinds asked for so far, and what each holds. */
  state(): readonly ViewState[];
  stop(): Promise<void>;
}
