import { isApiError, silentLogger } from '@kit/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CachedView } from '../../cached-view.ts';
import type { Facet } from '../../facet.ts';
import { kinds } from '../../kinds.ts';
import { rowOf } from '../../row.ts';
import type { NamespaceSet, Row } from '../../view-api.ts';
import { continueToken, readContinueToken } from '../continue-token.ts';
import { listQuery } from '../list-query.ts';
import { listRows, listView } from '../list-rows.ts';
import type { ListRules, RowPage } from '../list-rows.ts';

const names = ['web', 'api', 'old', 'db', 'webby', 'cache', 'a', 'b'];
const spaces = ['shop', 'dev', 'ops'];
const isReady: Facet<boolean> = { name: 'ready', of: (object) => object['status'] === 'ready' };
const rules: ListRules = {
  filters: { ready: (value) => (row) => String(row.value(isReady)) === value },
  sorts: { ready: (row) => (row.value(isReady) ? 1 : 0) },
};

interface Change {
  readonly name: string;
  readonly namespace: string;
  readonly second: number;
  readonly app: string | undefined;
  readonly ready: boolean;
  readonly gone: boolean;
}

const changes = fc.record<Change>({
  name: fc.constantFrom(...names),
  namespace: fc.constantFrom(...spaces),
  second: fc.integer({ min: 0, max: 3 }),
  app: fc.constantFrom('web', 'api', undefined),
  ready: fc.boolean(),
  gone: fc.boolean(),
});

const queries = fc.record(
  {
    page: fc.constantFrom('1', '2', '9'),
    limit: fc.constantFrom('0', '1', '3', '-1'),
    sortBy: fc.constantFrom('name', 'createTime', 'ready'),
    ascending: fc.constantFrom('true', 'false'),
    name: fc.constantFrom('we', 'a'),
    label: fc.constantFrom('app=web', 'app!=web'),
    ready: fc.constantFrom('true', 'false'),
  },
  { requiredKeys: [] },
);

let versions = 0;
function rowFor({ name, namespace, second, app, ready }: Change): Row {
  return rowOf(kinds.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `${namespace}-${name}`,
      resourceVersion: String(++versions),
      creationTimestamp: `2026-01-01T00:00:0${second}Z`,
      ...(app ? { labels: { app } } : {}),
    },
    status: ready ? 'ready' : 'not',
  });
}

const idsOf = (rows: readonly Row[]): string[] =>
  rows.map((row) => `${row.namespace}/${row.name}@${row.resourceVersion}`);
const shown = ({ rows, totalItems }: RowPage): object => ({ ids: idsOf(rows), totalItems });
const setOf = (list: readonly string[]): NamespaceSet => ({ key: list.join(), names: new Set(list) });

function apply(view: CachedView<never>, change: Change): void {
  const row = rowFor(change);
  if (change.gone) view.remove(row as never);
  else view.put(row as never);
}

/** A view that follows orders and choices even of few rows, as it does of many. */
const newView = (): CachedView<never> => {
  const view = new CachedView<never>(kinds.pods, silentLogger, 0);
  view.replace([]);
  return view;
};

describe('listView', () => {
  it('answers what a filter, sort and slice of all rows would, after any changes and however often it is asked', () => {
    const steps = fc.array(fc.oneof(changes, queries), { minLength: 5, maxLength: 60 });
    const places = fc.constantFrom(undefined, 'shop', setOf(['shop', 'ops']));
    fc.assert(
      fc.property(steps, places, (list, within) => {
        const view = newView();
        const inPlace = (row: Row): boolean =>
          within === undefined ||
          (typeof within === 'string' ? row.namespace === within : within.names.has(row.namespace));
        for (const step of list) {
          if ('gone' in step) {
            apply(view, step);
            continue;
          }
          const query = listQuery(step);
          const expected = listRows([...view.rows()].filter(inPlace), query, rules);
          for (let time = 0; time < 3; time++)
            expect(shown(listView(view, within, { query, rules }))).toEqual(shown(expected));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('goes on behind a row: whoever stays is listed once, whatever comes, goes and changes meanwhile', () => {
    const between = fc.array(fc.array(changes, { maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 24 }), between, queries, (before, rounds, asked) => {
        const view = newView();
        for (const change of before) apply(view, change);
        const query = { ...listQuery({ ...asked, limit: '2' }), offset: 0 };
        const start = new Map([...view.rows()].map((row) => [`${row.namespace}/${row.name}`, row]));
        const seen: string[] = [];
        let page = listView(view, undefined, { query, rules });
        for (let round = 0; ; round++) {
          seen.push(...page.rows.map((row) => `${row.namespace}/${row.name}`));
          if (!page.next) break;
          for (const change of rounds[round] ?? []) apply(view, change);
          const after = readContinueToken(continueToken(page.next), page.next);
          page = listView(view, undefined, { query, rules, after });
        }
        const untouched = [...start].filter(([key, row]) => {
          const [namespace = '', name = ''] = key.split('/');
          return view.get(namespace, name) === row;
        });
        const stayed = new Set(
          listRows(
            untouched.map(([, row]) => row),
            { ...query, limit: undefined },
            rules,
          ).rows,
        );
        const wanted = untouched.filter(([, row]) => stayed.has(row)).map(([key]) => key);
        expect(wanted.filter((key) => seen.filter((one) => one === key).length !== 1)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  const tokens: readonly { token: string; why: string }[] = [
    { token: 'nonsense', why: 'no token' },
    { token: '', why: 'nothing' },
    { token: Buffer.from('[1,"name",true,null,"a","b"]').toString('base64url'), why: 'a key of another type' },
    { token: Buffer.from('[1,"name",true,"k","a"]').toString('base64url'), why: 'a part is missing' },
    {
      token: continueToken({ sortBy: 'createTime', ascending: true, key: 1, row: { name: 'a', namespace: '' } }),
      why: 'of another order',
    },
  ];
  it.each(tokens)('refuses a token: $why', ({ token }) => {
    let thrown: unknown;
    try {
      readContinueToken(token, { sortBy: 'name', ascending: true });
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
  });
});
