import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds } from './kinds.ts';
import { rowOf } from './row.ts';
import { RowIndex } from './row-index.ts';
import type { KubeObject } from './types.ts';
import type { Row, ViewEvent } from './view-api.ts';

interface State {
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
  readonly uid?: string;
}

function row({ namespace, name, version, uid = 'u' }: State): Row {
  const metadata = { namespace, name, uid: `${uid}-${name}`, resourceVersion: String(version) };
  return rowOf(kinds.configmaps, { metadata } as KubeObject); // as in a list, whose items have no kind
}

const told = (events: readonly ViewEvent[]): string[] =>
  events.map((event) => `${event.type} ${event.row.namespace}/${event.row.name}`);

describe('RowIndex', () => {
  it('means nothing by a state it knows', () => {
    const index = new RowIndex();
    expect(told(index.put(row({ namespace: 'a', name: 'x', version: 1 })))).toEqual(['added a/x']);
    expect(index.put(row({ namespace: 'a', name: 'x', version: 1 }))).toEqual([]);
    expect(told(index.put(row({ namespace: 'a', name: 'x', version: 2 })))).toEqual(['modified a/x']);
  });

  it('tells of the deletion between two objects of one name', () => {
    const index = new RowIndex();
    index.put(row({ namespace: 'a', name: 'x', version: 1, uid: 'first' }));
    expect(told(index.put(row({ namespace: 'a', name: 'x', version: 5, uid: 'second' })))).toEqual([
      'deleted a/x',
      'added a/x',
    ]);
  });

  it('forgets a deletion of what it never had', () => {
    expect(new RowIndex().remove('a', 'x')).toEqual([]);
  });

  it('ends where any other way to the same collection ends, and its events say how', () => {
    const state = fc.uniqueArray(
      fc.record({ namespace: fc.constantFrom('a', 'b'), name: fc.constantFrom('x', 'y', 'z'), version: fc.nat(3) }),
      {
        selector: ({ namespace, name }) => `${namespace}/${name}`,
      },
    );
    fc.assert(
      fc.property(fc.array(state), (states) => {
        const index = new RowIndex();
        const copy = new Map<string, string>();
        for (const rows of states) {
          const events = index.replace(rows.map(row));
          for (const {
            type,
            row: { namespace, name, resourceVersion },
          } of events) {
            const key = `${namespace}/${name}`;
            expect(copy.has(key)).toBe(type !== 'added');
            if (type === 'deleted') copy.delete(key);
            else copy.set(key, resourceVersion);
          }
          const expected = rows.map(
            ({ namespace, name, version }) => [`${namespace}/${name}`, String(version)] as const,
          );
          expect(copy).toEqual(new Map(expected));
          expect(index.size).toBe(rows.length);
          expect([...index.rows('a')].length).toBe(rows.filter(({ namespace }) => namespace === 'a').length);
        }
      }),
    );
  });
});

describe('rowOf', () => {
  it('keeps the bytes without managedFields and with the kind', () => {
    const object = {
      metadata: { name: 'x', namespace: 'a', managedFields: [{}], labels: { app: 'shop' } },
      data: { k: 'v' },
    };
    const made = rowOf(kinds.configmaps, structuredClone(object) as unknown as KubeObject);
    expect(JSON.parse(Buffer.from(made.json).toString())).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', namespace: 'a', labels: { app: 'shop' } },
      data: { k: 'v' },
    });
    expect(made.labels).toEqual({ app: 'shop' });
  });

  it('gives an object of its own at each call', () => {
    const made = row({ namespace: 'a', name: 'x', version: 1 });
    made.object().metadata.name = 'changed';
    expect(made.object().metadata.name).toBe('x');
  });
});
