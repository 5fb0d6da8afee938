import { describe, expect, it } from 'vitest';
import { kinds } from '../kinds.ts';
import { rowOf } from '../row.ts';
import { isTagNamed, joined, pageBytes, pageParts, pageTag } from './page-parts.ts';
import type { RowPage } from './list-rows.ts';

const row = (name: string, resourceVersion: string) =>
  rowOf(kinds.pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name, uid: name, resourceVersion } });
const pageOf = (...names: string[]): RowPage => ({ rows: names.map((name) => row(name, '1')), totalItems: 9 });
const tagOf = (page: RowPage, how = { view: 'pods', byBytes: false }): string => pageTag(page, pageParts(page), how);

describe('pageParts', () => {
  it('join to the document that one piece is', () => {
    const page = pageOf('a', 'b');
    expect(Buffer.concat(joined(pageParts(page)))).toEqual(Buffer.from(pageBytes(page)));
    expect(JSON.parse(Buffer.concat(joined(pageParts(pageOf()))).toString())).toEqual({ items: [], totalItems: 9 });
  });
});

describe('pageTag', () => {
  it('stays as long as the rows, their number, their order and their form do', () => {
    const tag = tagOf(pageOf('a', 'b'));
    expect(tagOf(pageOf('a', 'b'))).toBe(tag);
    const others = [
      tagOf({ rows: [row('a', '2'), row('b', '1')], totalItems: 9 }),
      tagOf({ ...pageOf('a', 'b'), totalItems: 10 }),
      tagOf(pageOf('b', 'a')),
      tagOf(pageOf('a')),
      tagOf(pageOf('a', 'b'), { view: 'pods of others', byBytes: false }),
      tagOf(pageOf('a', 'b'), { view: 'pods', byBytes: true }),
    ];
    expect(new Set([tag, ...others]).size).toBe(others.length + 1);
  });
});

describe('isTagNamed', () => {
  const cases: readonly [header: string | undefined, named: boolean, why: string][] = [
    [undefined, false, 'no header'],
    ['W/"x"', true, 'the tag'],
    ['"x"', true, 'compared weakly'],
    ['"a", W/"x"', true, 'among others'],
    ['*', true, 'any'],
    ['"xx"', false, 'another'],
    ['x', false, 'no tag at all'],
  ];
  it.each(cases)('%s: %s, %s', (header, named) => {
    expect(isTagNamed(header, 'W/"x"')).toBe(named);
  });
});
