import { RowOrder, sorted } from './row-order.ts';
import type { RowIndex } from './row-index.ts';
import type { KubeObject } from './types.ts';
import type { NamespaceSet, Row, RowFilter, Selection, SortKey, ViewEvent } from './view-api.ts';

/** Beyond so many orders the one not read for longest goes: callers choose what is kept, and must not fill the memory. */
const maxOrders = 64;
/** So few rows are sorted when they are asked for: that costs less than following them. */
const fewRows = 200;
/** Of so many choices it is remembered that somebody asked, so that the second time they are kept. */
const maxAsked = 512;

type Place = string | undefined;

/** The orders that lists of one view have asked for, each followed from then on. */
export class RowOrders<T extends KubeObject> {
  readonly #index: RowIndex<T>;
  readonly #few: number;
  readonly #places = new Map<Place, RowOrder<T>[]>();
  readonly #asked = new Set<string>();
  /** By when they were last read, the longest ago first. */
  readonly #kept = new Map<RowOrder<T>, Place>();

  constructor(index: RowIndex<T>, few = fewRows) {
    this.#index = index;
    this.#few = few;
  }

  read({ sortKey, within, filter }: Selection): readonly Row<T>[] {
    if (typeof within !== 'object') return this.#inPlace(sortKey, within, filter);
    const rows = this.#fewIn(within);
    if (rows) return sorted(filter ? rows.filter(filter.test) : rows, sortKey);
    return this.#inPlace(sortKey, undefined, bothOf(within, filter));
  }

  take(event: ViewEvent<T>): void {
    for (const place of [undefined, event.row.namespace]) {
      for (const order of this.#places.get(place) ?? []) {
        if (order.isWorthKeeping) order.take(event);
        else this.#drop(order);
      }
    }
  }

  #inPlace(sortKey: SortKey, place: Place, filter: RowFilter | undefined): readonly Row<T>[] {
    if (place !== undefined && this.#index.sizeOf(place) <= this.#few) {
      const rows = [...this.#index.rows(place)];
      return sorted(filter ? rows.filter(filter.test) : rows, sortKey);
    }
    const known = this.#find(sortKey, place, filter?.key);
    if (known && (!filter || filter.key !== undefined)) return this.#reading(known, place);
    if (!filter) return this.#keep(new RowOrder(sortKey, sorted(this.#index.rows(place), sortKey)), place);
    const chosen = this.#inPlace(sortKey, place, undefined).filter(filter.test);
    if (!this.#isAskedAgain(place, filter)) return chosen;
    return this.#keep(new RowOrder(sortKey, chosen, filter), place);
  }

  #find(sortKey: SortKey, place: Place, key: string | undefined): RowOrder<T> | undefined {
    return this.#places.get(place)?.find((order) => order.sortKey === sortKey && order.filter?.key === key);
  }

  #reading(order: RowOrder<T>, place: Place): readonly Row<T>[] {
    this.#kept.delete(order);
    this.#kept.set(order, place);
    return order.read();
  }

  #keep(order: RowOrder<T>, place: Place): readonly Row<T>[] {
    const orders = this.#places.get(place);
    if (orders) orders.push(order);
    else this.#places.set(place, [order]);
    this.#kept.set(order, place);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxOrders && oldest) this.#drop(oldest);
    return order.read();
  }

  #drop(order: RowOrder<T>): void {
    const place = this.#kept.get(order);
    this.#kept.delete(order);
    const left = this.#places.get(place)?.filter((other) => other !== order) ?? [];
    if (left.length > 0) this.#places.set(place, left);
    else this.#places.delete(place);
  }

  #isAskedAgain(place: Place, { key }: RowFilter): boolean {
    if (key === undefined) return false;
    const name = `${place ?? ''}\n${key}`;
    if (this.#asked.delete(name)) return true;
    if (this.#asked.size >= maxAsked) this.#asked.clear();
    this.#asked.add(name);
    return false;
  }

  /** The rows of those namespaces, unless they are many. */
  #fewIn({ names }: NamespaceSet): Row<T>[] | undefined {
    if (names.size > this.#few) return undefined;
    let count = 0;
    for (const name of names) count += this.#index.sizeOf(name);
    if (count > 5 * this.#few) return undefined;
    return [...names].flatMap((name) => [...this.#index.rows(name)]);
  }
}

function bothOf({ key, names }: NamespaceSet, filter: RowFilter | undefined): RowFilter {
  const test = (row: Row): boolean => names.has(row.namespace) && (filter?.test(row) ?? true);
  if (filter && filter.key === undefined) return { test };
  return { key: `in ${key}\n${filter?.key ?? ''}`, test };
}
