import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { kinds } from './kinds.ts';
import type { PathParts } from './path.ts';
import { apiVersionOf, pathOf } from './path.ts';
import type { ResourceType } from './types.ts';

interface Row {
  why: string;
  type: ResourceType;
  parts?: PathParts;
  path: string;
}

const paths: Row[] = [
  { why: 'the core group has a root of its own', type: kinds.pods, path: '/api/v1/pods' },
  { why: 'all others are below /apis', type: kinds.deployments, path: '/apis/apps/v1/deployments' },
  {
    why: 'a namespace narrows a collection',
    type: kinds.pods,
    parts: { namespace: 'a' },
    path: '/api/v1/namespaces/a/pods',
  },
  {
    why: 'one object, one subresource',
    type: kinds.deployments,
    parts: { namespace: 'a', name: 'b', subresource: 'scale' },
    path: '/apis/apps/v1/namespaces/a/deployments/b/scale',
  },
  {
    why: 'a subresource may have two parts',
    type: kinds.serviceaccounts,
    parts: { namespace: 'a', name: 'b', subresource: 'proxy/x' },
    path: '/api/v1/namespaces/a/serviceaccounts/b/proxy/x',
  },
  {
    why: 'a cluster-scoped kind has no namespace, whatever is said',
    type: kinds.nodes,
    parts: { namespace: 'a', name: 'n' },
    path: '/api/v1/nodes/n',
  },
  {
    why: 'role names may have colons',
    type: kinds.clusterroles,
    parts: { name: 'system:node' },
    path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
  },
];

const refused: { why: string; parts: PathParts }[] = [
  { why: 'a slash would reach a subresource', parts: { namespace: 'a', name: 'b/status' } },
  { why: 'an encoded slash is one to the server', parts: { namespace: 'a', name: 'b%2Fstatus' } },
  { why: 'two dots would leave the namespace', parts: { namespace: '..', name: 'b' } },
  { why: 'one dot is no name', parts: { namespace: 'a', name: '.' } },
  { why: 'an empty name would be the collection', parts: { namespace: 'a', name: '' } },
  { why: 'an empty namespace would be all of them', parts: { namespace: '', name: 'b' } },
  { why: 'an object of a namespaced kind has a namespace', parts: { name: 'b' } },
];

describe('pathOf', () => {
  it.each(paths)('$path: $why', ({ type, parts, path }) => {
    expect(pathOf(type, parts)).toBe(path);
  });

  it.each(refused)('refuses $parts: $why', ({ parts }) => {
    let failure: unknown;
    try {
      pathOf(kinds.pods, parts);
    } catch (error) {
      failure = error;
    }
    expect(isApiError(failure, 'BadRequest')).toBe(true);
  });
});

it('names an API version the way objects do', () => {
  expect([apiVersionOf(kinds.pods), apiVersionOf(kinds.leases)]).toEqual(['v1', 'coordination.k8s.io/v1']);
});
