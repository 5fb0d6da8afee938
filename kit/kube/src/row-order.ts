import type { KubeObject } from './types.ts';
import type { Row, RowFilter, SortKey, ViewEvent } from './view-api.ts';

type Key = ReturnType<SortKey>;

/** Where a row stands in an order; the row itself is one, and so is the place of a row that is gone. */
export interface Position {
  readonly key: Key;
  readonly row: { readonly name: string; readonly namespace: string };
}

function compareText(left: Key, right: Key): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The order of lists: by the sort key, then name, then namespace, so that no two rows of a kind are equal. */
export function compareKeyed(left: Position, right: Position): number {
  return (
    compareText(left.key, right.key) ||
    compareText(left.row.name, right.row.name) ||
    compareText(left.row.namespace, right.row.namespace)
  );
}

/** The rows ascending by a sort key; each key is read once. */
export function sorted<T extends KubeObject>(rows: Iterable<Row<T>>, sortKey: SortKey): Row<T>[] {
  return Array.from(rows, (row) => ({ key: sortKey(row), row }))
    .sort(compareKeyed)
    .map(({ row }) => row);
}

/** How many of `rows`, which ascend by `sortKey`, stand before a position, or at it too. */
export function countBefore(rows: readonly Row[], sortKey: SortKey, to: Position & { orAt?: boolean }): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as Row; // cast: low <= middle < high <= length
    const order = compareKeyed({ key: sortKey(row), row }, to);
    if (order < 0 || (order === 0 && to.orAt)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** So many events that nobody asked about are taken in, however few the rows. */
const patience = 1000;

/** Rows in one order, kept in it by the events of their view: a page is a slice, and nothing is sorted for it. */
export class RowOrder<T extends KubeObject> {
  readonly sortKey: SortKey;
  readonly filter: RowFilter | undefined;
  readonly #rows: Row<T>[];
  #unread = 0;

  /** `rows` ascend by `sortKey` and pass the filter; they are taken over. */
  constructor(sortKey: SortKey, rows: Row<T>[], filter?: RowFilter) {
    this.sortKey = sortKey;
    this.filter = filter;
    this.#rows = rows;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Whether keeping the order costs less than sorting again would: not after many changes that nobody asked about. */
  get isWorthKeeping(): boolean {
    return this.#unread <= Math.max(this.#rows.length, patience);
  }

  /** The rows in ascending order, until the next event. */
  read(): readonly Row<T>[] {
    this.#unread = 0;
    return this.#rows;
  }

  take({ type, row, previous }: ViewEvent<T>): void {
    this.#unread++;
    const before = previous && this.#has(previous) ? previous : undefined;
    const after = type !== 'deleted' && this.#has(row) ? row : undefined;
    if (before && after && this.sortKey(after) === this.sortKey(before)) {
      this.#rows[this.#placeOf(before)] = after; // most changes do not move a row
      return;
    }
    if (before) this.#rows.splice(this.#placeOf(before), 1);
    if (after) this.#rows.splice(this.#placeOf(after), 0, after);
  }

  #has(row: Row<T>): boolean {
    return this.filter?.test(row) ?? true;
  }

  /** Where the row is, or would be. */
  #placeOf(row: Row<T>): number {
    return countBefore(this.#rows, this.sortKey, { key: this.sortKey(row), row });
  }
}
