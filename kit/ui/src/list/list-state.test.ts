import { expect, test } from 'vitest';
import { readView } from './list-state.ts';
import { listParams } from './use-list.ts';

const defaults = { sort: 'name', ascending: true };

test.each([
  {
    why: 'an empty URL is the page’s default',
    search: {},
    params: { page: 1, limit: 50, sortBy: 'name', ascending: true, name: '' },
  },
  {
    why: 'what the URL says wins',
    search: { page: '3', limit: '10', sort: 'createTime', order: 'desc', q: 'web' },
    params: { page: 3, limit: 10, sortBy: 'createTime', ascending: false, name: 'web' },
  },
  {
    why: 'nonsense is the default, not an error',
    search: { page: '-1', limit: 'many' },
    params: { page: 1, limit: 50, sortBy: 'name', ascending: true, name: '' },
  },
  {
    why: 'no page is larger than the server likes',
    search: { limit: '99999' },
    params: { page: 1, limit: 1000, sortBy: 'name', ascending: true, name: '' },
  },
  {
    why: 'tokens go by the server’s names; tab and peek are none',
    search: { status: 'failing', node: 'n3', tab: 'x', peek: 'y' },
    params: { page: 1, limit: 50, sortBy: 'name', ascending: true, name: '', status: 'failing', nodeName: 'n3' },
  },
])('$why', ({ search, params }) => {
  expect(listParams(readView(search, defaults), { node: 'nodeName' })).toEqual(params);
});
