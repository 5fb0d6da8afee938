import { expect, it } from 'vitest';
import { requestInfo } from './request-info.ts';

it.each([
  { request: 'GET /api/v1/pods', verb: 'list', at: ['', 'pods', '', '', ''], why: 'a kind in all namespaces' },
  {
    request: 'GET /api/v1/pods?watch=1',
    verb: 'watch',
    at: ['', 'pods', '', '', ''],
    why: 'watch is asked for by query',
  },
  { request: 'GET /api/v1/namespaces/a/pods/p', verb: 'get', at: ['', 'pods', 'a', 'p', ''], why: 'one object' },
  {
    request: 'POST /api/v1/namespaces/a/pods/p/binding',
    verb: 'create',
    at: ['', 'pods', 'a', 'p', 'binding'],
    why: 'a subresource',
  },
  {
    request: 'DELETE /apis/apps/v1/namespaces/a/deployments',
    verb: 'deletecollection',
    at: ['apps', 'deployments', 'a', '', ''],
    why: 'all at once',
  },
  {
    request: 'GET /api/v1/namespaces/a',
    verb: 'get',
    at: ['', 'namespaces', '', 'a', ''],
    why: 'a namespace is an object itself',
  },
  {
    request: 'PUT /api/v1/namespaces/a/finalize',
    verb: 'update',
    at: ['', 'namespaces', '', 'a', 'finalize'],
    why: 'and has parts',
  },
  {
    request: 'PUT /api/v1/namespaces/a/status',
    verb: 'update',
    at: ['', 'namespaces', '', 'a', 'status'],
    why: 'that are no kinds',
  },
  {
    request: 'GET /api/v1/watch/namespaces/a/pods',
    verb: 'watch',
    at: ['', 'pods', 'a', '', ''],
    why: 'the old way to watch',
  },
  {
    request: 'PATCH /apis/x.io/v1/things/a%2Fb',
    verb: 'patch',
    at: ['x.io', 'things', '', 'a/b', ''],
    why: 'names are decoded',
  },
])('$request: $why', ({ request, verb, at }) => {
  const [method = '', url = ''] = request.split(' ');
  const info = requestInfo(method, url);
  const { group, resource, namespace, name, subresource } = info.resource ?? {};
  expect(info.verb).toBe(verb);
  expect([group, resource, namespace, name, subresource]).toEqual(at);
});

it.each(['/', '/apis', '/apis/apps', '/apis/apps/v1', '/api/v1', '/healthz', '/openapi/v3/apis/apps/v1'])(
  '%s is no resource',
  (path) => {
    expect(requestInfo('GET', path).resource).toBeUndefined();
  },
);
