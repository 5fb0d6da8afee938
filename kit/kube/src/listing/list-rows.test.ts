import { isApiError, silentLogger } from '@kit/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CachedView } from '../cached-view.ts';
import { kinds } from '../kinds.ts';
import { rowOf as newRow } from '../row.ts';
import type { KubeObject } from '../types.ts';
import type { Row } from '../view-api.ts';
import { listQuery, type QueryValues } from './list-query.ts';
import { listRows, listView, type RowPage } from './list-rows.ts';
import { pageBytes } from './page-parts.ts';

const rowOf = (object: KubeObject): Row => newRow(kinds.pods, structuredClone(object));

const objects = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('web', 'api', 'old', 'db', 'webby', 'cache', 'a', 'b', 'c', 'd', 'e', 'f'),
    namespace: fc.constantFrom('shop', 'dev'),
    second: fc.integer({ min: 0, max: 5 }),
    app: fc.constantFrom('web', 'api', undefined),
    alias: fc.constantFrom('Web shop', 'shop', undefined),
    owner: fc.constantFrom('ReplicaSet', 'Job', undefined),
  }),
  { selector: ({ namespace, name }) => `${namespace}/${name}` },
);

type Model = (typeof objects extends fc.Arbitrary<(infer T)[]> ? T : never) & object;

function objectOf(model: Model, resourceVersion = '1'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: model.name,
      namespace: model.namespace,
      uid: `${model.namespace}-${model.name}`,
      resourceVersion,
      creationTimestamp: `2026-01-01T00:00:0${model.second}Z`,
      labels: model.app ? { app: model.app } : {},
      annotations: model.alias ? { 'kubesphere.io/alias-name': model.alias } : {},
      ownerReferences: model.owner ? [{ apiVersion: 'v1', kind: model.owner, name: 'o', uid: 'o' }] : [],
    },
  };
}

const queries = fc.record(
  {
    page: fc.constantFrom('1', '2', '9'),
    limit: fc.constantFrom('0', '1', '3', '-1', 'all'),
    sortBy: fc.constantFrom('name', 'createTime', 'creationTimestamp'),
    ascending: fc.constantFrom('true', 'false'),
    name: fc.constantFrom('we', 'a'),
    names: fc.constantFrom('web,api', 'none'),
    alias: fc.constantFrom('shop', 'Web'),
    label: fc.constantFrom('app=web', 'app', 'app!=web'),
    ownerKind: fc.constantFrom('Job'),
    namespace: fc.constantFrom('shop'),
  },
  { requiredKeys: [] },
);

/** The same list, written as plainly as possible. */
function reference(
  models: readonly Model[],
  query: Partial<Record<string, string>>,
): { names: string[]; total: number } {
  const labelTests: Record<string, (m: Model) => boolean> = {
    'app=web': (m) => m.app === 'web',
    app: (m) => m.app !== undefined,
    'app!=web': (m) => m.app !== 'web',
  };
  const kept = models
    .filter((m) => !query.name || m.name.includes(query.name))
    .filter((m) => !query.names || query.names.split(',').includes(m.name))
    .filter((m) => !query.alias || (m.alias ?? '').includes(query.alias))
    .filter((m) => !query.label || labelTests[query.label]?.(m))
    .filter((m) => !query.ownerKind || m.owner === query.ownerKind)
    .filter((m) => !query.namespace || m.namespace === query.namespace);
  const key = (m: Model): string => {
    const primary = query.sortBy === 'name' ? '' : String(m.second);
    return [primary, m.name, m.namespace].join('\u0000');
  };
  kept.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  if (query.ascending !== 'true') kept.reverse();
  const limit = Number(query.limit ?? -1);
  const all = Number.isNaN(limit) || limit < 0;
  const start = all ? 0 : (Number(query.page ?? 1) - 1) * limit;
  const cut = all ? kept : kept.slice(start, start + limit);
  return { names: cut.map((m) => `${m.namespace}/${m.name}`), total: kept.length };
}

describe('listRows', () => {
  it('answers what a plain filter, sort and slice would', () => {
    fc.assert(
      fc.property(objects, queries, (models, query) => {
        const page = listRows(
          models.map((m) => rowOf(objectOf(m))),
          listQuery(query),
        );
        const expected = reference(models, query);
        expect(page.rows.map((row) => `${row.namespace}/${row.name}`)).toEqual(expected.names);
        expect(page.totalItems).toBe(expected.total);
      }),
      { numRuns: 500 },
    );
  });

  it('answers the same from a view, whatever became of its rows between two lists', () => {
    const names = (page: RowPage): string[] => page.rows.map((row) => `${row.namespace}/${row.name}`);
    fc.assert(
      fc.property(objects, objects, queries, (before, after, query) => {
        const asked = listQuery(query);
        const view = new CachedView(kinds.pods, silentLogger);
        view.replace(before.map((m) => rowOf(objectOf(m))));
        listView(view, undefined, { query: asked });
        listView(view, 'shop', { query: asked });
        const now = after.map((m) => rowOf(objectOf(m, '2')));
        view.replace(now);
        expect(names(listView(view, undefined, { query: asked }))).toEqual(names(listRows(now, asked)));
        const shop = now.filter((row) => row.namespace === 'shop');
        const { rows: listed, totalItems } = listView(view, 'shop', { query: asked });
        expect({ rows: listed, totalItems }).toEqual(listRows(shop, asked));
      }),
      { numRuns: 500 },
    );
  });

  const rows = ['web', 'api'].map((name) => rowOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name } }));
  const refused: readonly { query: QueryValues; why: string }[] = [
    { query: { nonsense: '1' }, why: 'an unknown filter would silently answer nothing' },
    { query: { toString: '1' }, why: 'names of object methods are no filters' },
    { query: { sortBy: 'colour' }, why: 'an unknown order' },
    { query: { limit: '-2' }, why: 'a negative limit other than -1' },
    { query: { limit: '1.5' }, why: 'half a row' },
    { query: { page: '0', limit: '1' }, why: 'pages count from 1' },
    { query: { label: '==' }, why: 'an unreadable selector' },
  ];
  it.each(refused)('refuses $query: $why', ({ query }) => {
    let thrown: unknown;
    try {
      listRows(rows, listQuery(query));
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
  });

  it('lets an unknown filter match nothing where KubeSphere is to be copied', () => {
    expect(listRows(rows, listQuery({ nonsense: '1' }), { unknownParameters: 'empty' }).totalItems).toBe(0);
  });

  it('joins the bytes of a page into one JSON document', () => {
    const page = listRows(rows, listQuery({ sortBy: 'name', ascending: 'true' }));
    const parsed = JSON.parse(new TextDecoder().decode(pageBytes(page))) as { items: KubeObject[]; totalItems: number };
    expect(parsed.items.map((item) => item.metadata.name)).toEqual(['api', 'web']);
    expect(parsed.totalItems).toBe(2);
  });
});
