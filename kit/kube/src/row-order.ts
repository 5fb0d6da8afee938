import type { KubeObject } from './types.ts';
import type { Row, SortKey, ViewEvent } from './view-api.ts';

type Key = ReturnType<SortKey>;
interface Keyed {
  readonly key: Key;
  readonly row: Row;
}

function compareText(left: Key, right: Key): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The order of lists: by the sort key, then name, then namespace, so that no two rows of a kind are equal. */
export function compareKeyed(left: Keyed, right: Keyed): number {
  return (
    compareText(left.key, right.key) ||
    compareText(left.row.name, right.row.name) ||
    compareText(left.row.namespace, right.row.namespace)
  );
}

/** Rows in one order, kept in it by the events of their view: a page is a slice, and nothing is sorted for it. */
export class RowOrder<T extends KubeObject> {
  readonly #sortKey: SortKey;
  readonly #rows: Row<T>[] = [];
  readonly #keys: Key[] = [];
  #unread = 0;

  constructor(sortKey: SortKey, rows: Iterable<Row<T>>) {
    this.#sortKey = sortKey;
    const keyed = Array.from(rows, (row) => ({ key: sortKey(row), row })).sort(compareKeyed);
    for (const { key, row } of keyed) {
      this.#keys.push(key);
      this.#rows.push(row);
    }
  }

  /** Whether keeping the order costs less than sorting again would: not after many changes that nobody asked about. */
  get isWorthKeeping(): boolean {
    return this.#unread <= this.#rows.length;
  }

  /** The rows in ascending order, until the next event. */
  read(): readonly Row<T>[] {
    this.#unread = 0;
    return this.#rows;
  }

  take({ type, row, previous }: ViewEvent<T>): void {
    this.#unread++;
    const from = previous && this.#placeOf(previous);
    if (from !== undefined) this.#cut(from);
    if (type === 'deleted') return;
    const to = this.#placeOf(row);
    this.#rows.splice(to.index, 0, row);
    this.#keys.splice(to.index, 0, to.key);
  }

  #cut({ index }: { index: number }): void {
    this.#rows.splice(index, 1);
    this.#keys.splice(index, 1);
  }

  /** Where the row is, or would be. */
  #placeOf(row: Row<T>): { readonly index: number; readonly key: Key } {
    const key = this.#sortKey(row);
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isBefore(middle, { key, row })) low = middle + 1;
      else high = middle;
    }
    return { index: low, key };
  }

  #isBefore(index: number, other: Keyed): boolean {
    return compareKeyed({ key: this.#keys[index] as Key, row: this.#rows[index] as Row<T> }, other) < 0; // both arrays have every index below their one length
  }
}

/** Beyond so many orders all are made anew: callers choose namespace and sort key, and must not fill the memory. */
const maxOrders = 64;

/** The orders that lists of one view have asked for, by namespace (`undefined`: all) and sort key. */
export class RowOrders<T extends KubeObject> {
  readonly #rowsIn: (namespace: string | undefined) => Iterable<Row<T>>;
  readonly #byPlace = new Map<string | undefined, Map<SortKey, RowOrder<T>>>();
  #count = 0;

  constructor(rowsIn: (namespace: string | undefined) => Iterable<Row<T>>) {
    this.#rowsIn = rowsIn;
  }

  read(sortKey: SortKey, namespace: string | undefined): readonly Row<T>[] {
    const known = this.#byPlace.get(namespace)?.get(sortKey);
    if (known) return known.read();
    if (this.#count >= maxOrders) this.clear();
    const made = new RowOrder(sortKey, this.#rowsIn(namespace));
    const orders = this.#byPlace.get(namespace) ?? new Map<SortKey, RowOrder<T>>();
    this.#byPlace.set(namespace, orders.set(sortKey, made));
    this.#count++;
    return made.read();
  }

  take(event: ViewEvent<T>): void {
    for (const namespace of [undefined, event.row.namespace]) {
      const orders = this.#byPlace.get(namespace);
      for (const [sortKey, order] of orders ?? []) {
        if (order.isWorthKeeping) order.take(event);
        else if (orders?.delete(sortKey)) this.#count--;
      }
    }
  }

  clear(): void {
    this.#byPlace.clear();
    this.#count = 0;
  }
}
