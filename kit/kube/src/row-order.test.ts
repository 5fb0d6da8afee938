import { describe, expect, it } from 'vitest';
import { kinds } from './kinds.ts';
import { rowOf } from './row.ts';
import { RowIndex } from './row-index.ts';
import { RowOrder, RowOrders } from './row-order.ts';
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
    const order = new RowOrder(byRank, [a, c, b]);
    expect(shown(order.read())).toBe('b c a');
    order.take({ type: 'modified', previous: b, row: row('b', 9) });
    expect(shown(order.read())).toBe('c a b');
    order.take({ type: 'deleted', previous: a, row: row('a', 0) });
    expect(shown(order.read())).toBe('c b');
    order.take({ type: 'added', row: row('d', 2) });
    expect(shown(order.read())).toBe('c d b');
  });

  it('is given up only after more changes than rows that nobody listed', () => {
    const order = new RowOrder(byRank, [row('a', 1), row('b', 1)]);
    for (const rank of [2, 3, 4]) order.take({ type: 'modified', previous: row('a', rank - 1), row: row('a', rank) });
    expect(order.isWorthKeeping).toBe(false);
    order.read();
    expect(order.isWorthKeeping).toBe(true);
  });
});

describe('RowOrders', () => {
  it('orders each namespace by itself, and is right again after an order was given up', () => {
    const index = new RowIndex();
    const orders = new RowOrders((namespace) => index.rows(namespace));
    const put = (one: Row): void => index.put(one).forEach((event) => orders.take(event));
    for (const one of [row('a', 2), row('b', 1), row('c', 0, 'dev')]) put(one);
    expect(shown(orders.read(byRank, 'shop'))).toBe('b a');
    expect(shown(orders.read(byRank, undefined))).toBe('c b a');
    for (let rank = 3; rank < 20; rank++) put(row('b', rank));
    expect(shown(orders.read(byRank, 'shop'))).toBe('a b');
    expect(shown(orders.read(byRank, undefined))).toBe('c a b');
  });

  it('holds a bounded number of orders, however many are asked for', () => {
    const made: SortKey[] = [];
    const orders = new RowOrders(() => [row('a', 1)]);
    const first = orders.read(byRank, 'shop');
    for (let i = 0; i < 100; i++) orders.read((made[i] = () => i), 'shop');
    expect(orders.read(byRank, 'shop')).not.toBe(first);
  });
});
