import { describe, expect, it } from 'vitest';
import { kinds } from './kinds.ts';
import { rowOf } from './row.ts';
import { RowIndex } from './row-index.ts';
import { RowOrder, sorted } from './row-order.ts';
import { RowOrders } from './row-orders.ts';
import type { Row, SortKey } from './view-api.ts';

function row(name: string, rank: number, namespace = 'shop'): Row {
  const metadata = { name, namespace, uid: name, resourceVersion: `${name}-${rank}`, labels: { rank: String(rank) } };
  return rowOf(kinds.configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
}

const byRank: SortKey = ({ labels }) => Number(labels['rank']);
const shown = (rows: readonly Row[]): string => rows.map(({ name }) => name).join(' ');

describe('RowOrder', () => {
  it('moves a row whose key changes, and keeps equal keys by name', () => {
    const [a, b, c] = [row('a', 3), row('b', 1), row('c', 1)];
    const order = new RowOrder(byRank, sorted([a, c, b], byRank));
    expect(shown(order.read())).toBe('b c a');
    order.take({ type: 'modified', previous: b, row: row('b', 9) });
    expect(shown(order.read())).toBe('c a b');
    order.take({ type: 'deleted', previous: a, row: row('a', 0) });
    expect(shown(order.read())).toBe('c b');
    order.take({ type: 'added', row: row('d', 2) });
    expect(shown(order.read())).toBe('c d b');
  });

  it('is given up only after many changes that nobody listed', () => {
    const order = new RowOrder(byRank, [row('a', 1), row('b', 1)]);
    for (let rank = 2; rank < 1100; rank++)
      order.take({ type: 'modified', previous: row('a', rank - 1), row: row('a', rank) });
    expect(order.isWorthKeeping).toBe(false);
    order.read();
    expect(order.isWorthKeeping).toBe(true);
  });

  it('takes a row in that comes to pass its filter, and out that no longer does', () => {
    const test = ({ labels }: Row): boolean => Number(labels['rank']) > 1;
    const order = new RowOrder(byRank, [row('b', 2)], { key: 'rank>1', test });
    order.take({ type: 'modified', previous: row('a', 1), row: row('a', 3) });
    expect(shown(order.read())).toBe('b a');
    order.take({ type: 'modified', previous: row('b', 2), row: row('b', 0) });
    expect(shown(order.read())).toBe('a');
    order.take({ type: 'deleted', previous: row('c', 0), row: row('c', 0) });
    expect(shown(order.read())).toBe('a');
  });
});

describe('RowOrders', () => {
  it('orders each namespace by itself, and is right again after an order was given up', () => {
    const index = new RowIndex();
    const orders = new RowOrders(index, 0);
    const put = (one: Row): void => index.put(one).forEach((event) => orders.take(event));
    const read = (within?: string): string => shown(orders.read({ sortKey: byRank, within }));
    for (const one of [row('a', 2), row('b', 1), row('c', 0, 'dev')]) put(one);
    expect(read('shop')).toBe('b a');
    expect(read()).toBe('c b a');
    for (let rank = 3; rank < 1100; rank++) put(row('b', rank));
    expect(read('shop')).toBe('a b');
    expect(read()).toBe('c a b');
  });

  it('holds a bounded number of orders, and gives up the one not read for longest', () => {
    const index = new RowIndex();
    index.put(row('a', 1));
    const orders = new RowOrders(index, 0);
    const read = (sortKey: SortKey): readonly Row[] => orders.read({ sortKey, within: 'shop' });
    const [old, used] = [(): number => 1, (): number => 2];
    const [first, second] = [read(old), read(used)];
    for (let i = 0; i < 63; i++) {
      read(() => i);
      read(used);
    }
    expect(read(used)).toBe(second);
    expect(read(old)).not.toBe(first);
  });

  it('keeps what a filter chooses once it is asked for again, unless it looks at more than the row', () => {
    const index = new RowIndex();
    index.put(row('a', 1));
    const orders = new RowOrders(index, 0);
    const read = (key?: string): readonly Row[] =>
      orders.read({ sortKey: byRank, filter: { ...(key === undefined ? {} : { key }), test: () => true } });
    const [first, second, third] = [read('all'), read('all'), read('all')];
    expect(first).not.toBe(second);
    expect(third).toBe(second);
    expect(read()).not.toBe(read());
  });
});
