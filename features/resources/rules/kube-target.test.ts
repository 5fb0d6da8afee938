import { isApiError } from '@kit/base';
import { describe, expect, it } from 'vitest';
import { isConnecting, kubeTarget, type KubeTarget } from './kube-target.ts';

type Expected = Partial<Omit<KubeTarget, 'params'>> & { readonly query?: string };

const rows: readonly { url: string; target: Expected; why: string }[] = [
  {
    url: '/api/v1/pods',
    target: { path: '/api/v1/pods', group: '', version: 'v1', resource: 'pods' },
    why: 'core group',
  },
  {
    url: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    target: { group: 'apps', namespace: 'shop', resource: 'deployments', name: 'web', subresource: 'scale' },
    why: 'a subresource of a named group',
  },
  {
    url: '/api/v1/namespaces/shop',
    target: { namespace: 'shop', resource: 'namespaces', name: 'shop', subresource: undefined },
    why: 'a namespace itself',
  },
  {
    url: '/api/v1/namespaces/shop/finalize',
    target: { resource: 'namespaces', name: 'shop', subresource: 'finalize' },
    why: 'a subresource of a namespace is no resource in it',
  },
  { url: '/apis/apps/v1', target: { resource: undefined, path: '/apis/apps/v1' }, why: 'discovery' },
  { url: '/api', target: { resource: undefined, path: '/api' }, why: 'the root of discovery' },
  {
    url: '/clusters/host/apis/apps/v1/deployments',
    target: { cluster: 'host', path: '/apis/apps/v1/deployments' },
    why: 'cluster in front',
  },
  {
    url: '/apis/clusters/east/apps/v1/deployments?limit=1',
    target: { cluster: 'east', path: '/apis/apps/v1/deployments', query: 'limit=1' },
    why: 'cluster behind the prefix',
  },
  {
    url: '/apis/apps/v1/namespaces/shop/deployments?watch=true',
    target: { isWatch: true, namespace: 'shop' },
    why: 'a watch by parameter',
  },
  {
    url: '/api/v1/pods?a=?&labelSelector=x%3Dy',
    target: { query: 'a=%3F&labelSelector=x%3Dy' },
    why: 'a second question mark ends nothing: authorization has read what stands behind it',
  },
  { url: '/api/v1/pods?watch=0', target: { isWatch: false }, why: 'a watch asked not to be one' },
  {
    url: '/apis/apps/v1/watch/deployments',
    target: { isWatch: true, path: '/apis/apps/v1/deployments', resource: 'deployments', query: 'watch=true' },
    why: "the path of KubeSphere's console",
  },
  {
    url: '/api/v1/watch/namespaces/shop/pods/web-1',
    target: { path: '/api/v1/namespaces/shop/pods', query: 'watch=true&fieldSelector=metadata.name%3Dweb-1' },
    why: 'watching one object by path',
  },
  {
    url: '/api/v1/namespaces/shop/pods/web/exec?command=sh&command=-c',
    target: { subresource: 'exec', query: 'command=sh&command=-c' },
    why: 'a command has several words',
  },
];

describe('kubeTarget', () => {
  it.each(rows)('$url: $why', ({ url, target: { query, ...expected } }) => {
    const target = kubeTarget(url);
    expect(target).toMatchObject(expected);
    if (query !== undefined) expect(target.params.toString()).toBe(query);
  });

  it('refuses a parameter that two readers could read differently', () => {
    let thrown: unknown;
    try {
      kubeTarget('/api/v1/pods?labelSelector=a&labelSelector=b');
    } catch (error) {
      thrown = error;
    }
    expect(isApiError(thrown, 'BadRequest')).toBe(true);
  });

  it.each([
    ['/api/v1/namespaces/a/pods/b/exec', true],
    ['/api/v1/namespaces/a/services/b/proxy/index.html', true],
    ['/api/v1/namespaces/a/pods/b/log', false],
    ['/api/v1/namespaces/a/pods/exec', false],
  ])('%s opens a way in: %s', (url, expected) => {
    expect(isConnecting(kubeTarget(url))).toBe(expected);
  });
});
