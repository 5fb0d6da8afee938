import type { User } from '@kit/http';
import type { Facet, KubeObject, ResourceType, Row, View } from '@kit/kube';
import type { Filter, SortKey } from '@kit/kube/listing';
import type { ResourcesParts } from '../parts.ts';

/** What a list is asked for: by whom, where, and with which parameters. */
export interface ListContext {
  readonly parts: ResourcesParts;
  readonly user: User;
  readonly namespace: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

/** What a list adds to the objects of a kind; made anew for each request. */
export type Show = (row: Row) => KubeObject;

/** How one kind is listed: what it is, and what it has beyond the filters of every kind. */
export interface ListedKind {
  readonly type: ResourceType;
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly sorts?: Readonly<Record<string, SortKey>>;
  /** Derived of each object when it arrives. */
  readonly facets?: readonly Facet[];
  /** What callers get to see of an object; absent when all of it, as it is. */
  readonly show?: (context: ListContext) => Show;
  /** Filters that look at more than the row. */
  readonly related?: (context: ListContext) => Readonly<Record<string, Filter>>;
  /** Kinds that `show` and `related` read, and that must have been read from the cluster before. */
  readonly reads?: (query: ListContext['query']) => readonly ResourceType[];
  /** Asks for the right in the kind's own group too, so that a general right to list resources does not open it. */
  readonly guarded?: boolean;
  /** Brought by a definition, which may be missing, and may serve another version than the one named here. */
  readonly isCustom?: boolean;
}

/** The view of a kind, with its facets declared before the first object arrives. */
export function viewOf(parts: ResourcesParts, kind: ListedKind): View {
  const view = parts.views.of(kind.type);
  if (kind.facets) view.declare(kind.facets);
  return view;
}
