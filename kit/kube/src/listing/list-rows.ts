import { ApiError } from '@kit/base';
import { compareKeyed } from '../row-order.ts';
import type { Row, SortKey, View } from '../view-api.ts';
import { labelSelector } from './label-selector.ts';
import type { ListQuery } from './list-query.ts';
import { factsOf } from './row-facts.ts';
import { firstInOrder } from './top.ts';

/** Makes the predicate of a filter parameter from its value; throws `BadRequest` for a value it cannot read. */
export type Filter = (value: string, parameter: string) => (row: Row) => boolean;

export interface ListRules {
  /** Filters of the kind, beside those every kind has. */
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly sorts?: Readonly<Record<string, SortKey>>;
  /** An unknown parameter is refused, or, as KubeSphere 3.4 has it, matches nothing. Default: refused. */
  readonly unknownParameters?: 'reject' | 'empty';
}

/** One page of a list: its rows in order, and how many there are in all. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly totalItems: number;
}

const aliasAnnotation = 'kubesphere.io/alias-name';
const annotationsOf = (row: Row): Readonly<Record<string, string>> => row.object().metadata.annotations ?? {};

/** Parses a row only when its bytes hold `text`: a filter on one annotation reads few objects. */
function mentions(row: Row, text: string): boolean {
  return Buffer.from(row.json.buffer, row.json.byteOffset, row.json.byteLength).includes(text);
}

function byNames(value: string): (row: Row) => boolean {
  const names = new Set(value.split(','));
  return (row) => names.has(row.name);
}

function byLabels(value: string, parameter: string): (row: Row) => boolean {
  const selects = labelSelector(value, parameter);
  return (row) => selects(row.labels);
}

function byAnnotations(value: string, parameter: string): (row: Row) => boolean {
  const selects = labelSelector(value, parameter);
  return (row) => selects(annotationsOf(row));
}

/** The filters of every kind (KubeSphere 3.4, resources v1alpha3). */
export const generalFilters: Readonly<Record<string, Filter>> = {
  name: (value) => (row) => row.name.includes(value),
  names: byNames,
  alias: (value) => (row) =>
    mentions(row, aliasAnnotation) && (annotationsOf(row)[aliasAnnotation] ?? '').includes(value),
  uid: (value) => (row) => row.uid === value,
  namespace: (value) => (row) => row.namespace === value,
  ownerReference: (value) => (row) => mentions(row, value) && factsOf(row).owners.some((owner) => owner.uid === value),
  ownerKind: (value) => (row) => factsOf(row).owners.some((owner) => owner.kind === value),
  label: byLabels,
  labelSelector: byLabels,
  annotation: byAnnotations,
};

const created: SortKey = (row) => row.createdMs;
const updated: SortKey = (row) => factsOf(row).updatedMs;

/** The sort parameters of every kind. */
export const generalSorts: Readonly<Record<string, SortKey>> = {
  name: (row) => row.name,
  namespace: (row) => row.namespace,
  creationTimestamp: created,
  createTime: created,
  updateTime: updated,
  lastUpdateTimestamp: updated,
};

function orderBy(sortKey: SortKey, ascending: boolean): (left: Row, right: Row) => number {
  const sign = ascending ? 1 : -1;
  return (left, right) => sign * compareKeyed({ key: sortKey(left), row: left }, { key: sortKey(right), row: right });
}

function refuse(what: string, name: string, known: Iterable<string>): never {
  throw new ApiError(
    'BadRequest',
    `"${name}" is not a ${what} of this list; known are ${[...known].sort().join(', ')}`,
  );
}

function predicates(query: ListQuery, rules: ListRules): ((row: Row) => boolean)[] {
  const filters = { ...generalFilters, ...rules.filters };
  return [...query.filters].map(([name, value]) => {
    const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (filter) return filter(value, name);
    if (rules.unknownParameters === 'empty') return () => false;
    return refuse('filter', name, ['page', 'limit', 'sortBy', 'ascending', ...Object.keys(filters)]);
  });
}

function sortKeyOf(query: ListQuery, rules: ListRules): SortKey {
  const sorts = { ...generalSorts, ...rules.sorts };
  const sortKey = Object.hasOwn(sorts, query.sortBy) ? sorts[query.sortBy] : undefined;
  if (sortKey) return sortKey;
  if (rules.unknownParameters === 'empty') return created;
  return refuse('sort order', query.sortBy, Object.keys(sorts));
}

/** The rows that pass every filter, in order, cut to the page asked for. */
export function listRows(rows: Iterable<Row>, query: ListQuery, rules: ListRules = {}): RowPage {
  const tests = predicates(query, rules);
  const sortKey = sortKeyOf(query, rules);
  const matching: Row[] = [];
  for (const row of rows) if (tests.every((test) => test(row))) matching.push(row);
  const end = query.limit === undefined ? matching.length : query.offset + query.limit;
  const first = query.offset >= matching.length ? [] : firstInOrder(matching, end, orderBy(sortKey, query.ascending));
  return { rows: first.slice(query.offset), totalItems: matching.length };
}

/** The same of a whole view, or of one namespace of it: its order is kept, so that a page costs no sorting. */
export function listView(
  view: View,
  namespace: string | undefined,
  { query, rules = {} }: { readonly query: ListQuery; readonly rules?: ListRules },
): RowPage {
  const tests = predicates(query, rules);
  const sorted = view.ordered(sortKeyOf(query, rules), namespace);
  const matching = tests.length === 0 ? sorted : sorted.filter((row) => tests.every((test) => test(row)));
  const total = matching.length;
  const { offset, limit = total } = query;
  const rows = query.ascending
    ? matching.slice(offset, offset + limit)
    : matching.slice(Math.max(0, total - offset - limit), Math.max(0, total - offset)).reverse();
  return { rows, totalItems: total };
}

/** `{"items":[…],"totalItems":n}` from the rows' own bytes; `encode` replaces the bytes of rows that must not be shown whole. */
export function pageBytes(page: RowPage, encode: (row: Row) => Uint8Array = (row) => row.json): Uint8Array {
  const comma = Buffer.from(',');
  const parts: Uint8Array[] = [Buffer.from('{"items":[')];
  for (const [index, row] of page.rows.entries()) {
    if (index > 0) parts.push(comma);
    parts.push(encode(row));
  }
  parts.push(Buffer.from(`],"totalItems":${page.totalItems}}`));
  return Buffer.concat(parts);
}
