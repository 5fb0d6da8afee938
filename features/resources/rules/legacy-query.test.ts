import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { legacyQuery } from './legacy-query.ts';

describe('legacyQuery', () => {
  const cases: readonly { values: Record<string, string>; reads: object; filters?: object; why: string }[] = [
    {
      values: {},
      reads: { limit: 10, offset: 0, sortBy: 'createTime', ascending: true },
      why: 'what holds unless asked',
    },
    { values: { paging: 'limit=5,page=3' }, reads: { limit: 5, offset: 10 }, why: 'a page' },
    { values: { paging: 'limit=-1,page=3' }, reads: { offset: 0 }, why: 'all is one page' },
    {
      values: { orderBy: 'name', reverse: 'true' },
      reads: { sortBy: 'name', ascending: false },
      why: 'an order turned',
    },
    { values: { conditions: 'name=web' }, reads: {}, filters: { names: 'web' }, why: 'the whole name' },
    { values: { conditions: 'name~we' }, reads: {}, filters: { name: 'we' }, why: 'part of the name' },
    {
      values: { conditions: 'status=running||updating, name~a' },
      reads: {},
      filters: { status: 'running,updating', name: 'a' },
      why: 'two conditions, one with a choice',
    },
  ];
  it.each(cases)('$values: $why', ({ values, reads, filters = {} }) => {
    const query = legacyQuery(values);
    expect(query).toMatchObject(reads);
    expect(Object.fromEntries(query.filters)).toEqual(filters);
  });

  const refused: readonly Record<string, string>[] = [
    { conditions: 'nonsense' },
    { paging: 'limit=x' },
    { paging: 'limit=-7' },
  ];
  it.each(refused)('refuses %j', (values) => {
    let thrown: unknown;
    try {
      legacyQuery(values);
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
  });
});
