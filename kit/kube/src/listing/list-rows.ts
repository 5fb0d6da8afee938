import { ApiError } from '@kit/base';
import { compareKeyed, countBefore } from '../row-order.ts';
import type { Row, RowFilter, Selection, SortKey, View } from '../view-api.ts';
import type { Continuation } from './continue-token.ts';
import type { ListQuery } from './list-query.ts';
import { generalFilters, generalSorts } from './row-filters.ts';
import type { Filter } from './row-filters.ts';
import { firstInOrder } from './top.ts';

export interface ListRules {
  /** Filters of the kind, beside those every kind has. */
  readonly filters?: Readonly<Record<string, Filter>>;
  readonly sorts?: Readonly<Record<string, SortKey>>;
  /** Filters that look at more than the row, so that what they choose cannot be kept. */
  readonly volatile?: ReadonlySet<string>;
  /** An unknown parameter is refused, or, as KubeSphere 3.4 has it, matches nothing. Default: refused. */
  readonly unknownParameters?: 'reject' | 'empty';
  /** Other parameters that the caller reads, for the sentence that names the known ones. */
  readonly parameters?: readonly string[];
}

/** One page of a list: its rows in order, how many there are in all, and where the rest begins, if there is one. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly totalItems: number;
  readonly next?: Continuation;
}

function refuse(what: string, name: string, known: Iterable<string>): never {
  throw new ApiError(
    'BadRequest',
    `"${name}" is not a ${what} of this list; known are ${[...new Set(known)].sort().join(', ')}`,
  );
}

const paging = ['page', 'limit', 'sortBy', 'ascending'];

function predicates(query: ListQuery, rules: ListRules): ((row: Row) => boolean)[] {
  const filters = { ...generalFilters, ...rules.filters };
  return [...query.filters].map(([name, value]) => {
    const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (filter) return filter(value, name);
    if (rules.unknownParameters === 'empty') return () => false;
    return refuse('filter', name, [...paging, ...(rules.parameters ?? []), ...Object.keys(filters)]);
  });
}

/** What the filters of a query choose; `undefined` when there are none. */
export function filterOf(query: ListQuery, rules: ListRules = {}): RowFilter | undefined {
  const tests = predicates(query, rules);
  const [first] = tests;
  if (!first) return undefined;
  const test = tests.length === 1 ? first : (row: Row): boolean => tests.every((one) => one(row));
  if ([...query.filters.keys()].some((name) => rules.volatile?.has(name))) return { test };
  return { key: JSON.stringify([...query.filters]), test };
}

function sortKeyOf(query: ListQuery, rules: ListRules): SortKey {
  const sorts = { ...generalSorts, ...rules.sorts };
  const sortKey = Object.hasOwn(sorts, query.sortBy) ? sorts[query.sortBy] : undefined;
  if (sortKey) return sortKey;
  if (rules.unknownParameters === 'empty') return generalSorts['creationTimestamp'] as SortKey; // one of the table above
  return refuse('sort order', query.sortBy, Object.keys(sorts));
}

/** The rows that pass every filter, in order, cut to the page asked for. */
export function listRows(rows: Iterable<Row>, query: ListQuery, rules: ListRules = {}): RowPage {
  const filter = filterOf(query, rules);
  const sortKey = sortKeyOf(query, rules);
  const sign = query.ascending ? 1 : -1;
  const matching: Row[] = [];
  for (const row of rows) if (!filter || filter.test(row)) matching.push(row);
  const end = query.limit === undefined ? matching.length : query.offset + query.limit;
  const compare = (left: Row, right: Row): number =>
    sign * compareKeyed({ key: sortKey(left), row: left }, { key: sortKey(right), row: right });
  const first = query.offset >= matching.length ? [] : firstInOrder(matching, end, compare);
  return { rows: first.slice(query.offset), totalItems: matching.length };
}

export interface ViewList {
  readonly query: ListQuery;
  readonly rules?: ListRules;
  /** Goes on behind this row instead of at the query's page. */
  readonly after?: Continuation | undefined;
}

/** The same of a whole view, or of some namespaces of it: its order is kept, so that a page costs no sorting. */
export function listView(view: View, within: Selection['within'], { query, rules = {}, after }: ViewList): RowPage {
  const sortKey = sortKeyOf(query, rules);
  const rows = view.select({ sortKey, within, filter: filterOf(query, rules) });
  const total = rows.length;
  const from = after ? standsBehind(rows, sortKey, after) : query.offset;
  const to = Math.min(total, from + (query.limit ?? total));
  const page = query.ascending
    ? rows.slice(from, to)
    : rows.slice(Math.max(0, total - to), Math.max(0, total - from)).reverse();
  const last = page.at(-1);
  const isEnd = to >= total || !last;
  const { sortBy, ascending } = query;
  return {
    rows: page,
    totalItems: total,
    ...(isEnd ? {} : { next: { sortBy, ascending, key: sortKey(last), row: last } }),
  };
}

/** How many rows, in the direction of the list, come up to and with the row it goes on behind. */
function standsBehind(rows: readonly Row[], sortKey: SortKey, after: Continuation): number {
  if (after.ascending) return countBefore(rows, sortKey, { ...after, orAt: true });
  return rows.length - countBefore(rows, sortKey, after);
}
