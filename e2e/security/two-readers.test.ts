// Authorization reads a request before the router does, and the cluster reads what is passed on. Whatever the request, all
// must have understood the same.
import { isApiError } from '@kit/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownClusterTarget } from '../../apps/server/src/own-cluster-target.ts';
import { requestInfo } from '../../features/iam/rules/request-info.ts';
import { kubeTarget } from '../../features/resources/rules/kube-target.ts';
import { checkPath } from '../../kit/http/src/safe-path.ts';

const words = [
  'namespaces',
  'shop',
  'pods',
  'secrets',
  'watch',
  'status',
  'finalize',
  'exec',
  'proxy',
  'clusters',
  'host',
  'v1',
  'apps',
  'workspaces',
  'dev',
  'iam.kubesphere.io',
  'api',
  'apis',
  '',
];
const encoded = [
  '%6eamespaces',
  '%77atch',
  's%68op',
  '%3F',
  '%23',
  '%2e%2e',
  '%2f',
  '%00',
  '%zz',
  '..',
  '.',
  ';v=1',
  '%25',
  '%E4%BD%A0',
  '+',
];
const part = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom(...encoded) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }).map(encodeURIComponent) },
);
const head = fc.constantFrom(
  '/api/v1',
  '/apis/apps/v1',
  '/apis/iam.kubesphere.io/v1alpha2',
  '/api',
  '/apis',
  '/clusters/host/api/v1',
  '/api/clusters/host/v1',
  '/apis/clusters/host/apps/v1',
);
const pair = fc.constantFrom(
  'watch=true',
  'watch=FALSE',
  'watch=0',
  'watch',
  '%77atch=1',
  'labelSelector=kubesphere.io/workspace%3Ddev',
  'labelSelector=kubesphere.io/workspace=dev,a=b',
  'labelSelector=a',
  'fieldSelector=metadata.name%3Dx',
  'fieldSelector=metadata.name=x,a=b',
  'a=?',
  '?',
  'limit=1',
  'a=%26watch%3Dtrue',
  'command=a',
  'command=b',
  ';watch=true',
  '#',
  '%',
);
const target = fc
  .tuple(head, fc.array(part, { maxLength: 7 }), fc.array(pair, { maxLength: 4 }))
  .map(([start, parts, query]) => [start, ...parts].join('/') + (query.length > 0 ? `?${query.join('&')}` : ''));

/** What decides, of a request as somebody reads it. */
function decisive(method: string, url: string): object {
  const { verb, group, version, resource, subresource, name, namespace, workspace, isResource } = requestInfo(
    method,
    url,
  );
  return { verb, group, version, resource, subresource, name, namespace, workspace, isResource };
}

/** The request as the cluster gets it; nothing when it is refused on the way. */
function passedOn(url: string): string | undefined {
  try {
    checkPath(url);
    const { cluster, path, params } = kubeTarget(url);
    if (cluster !== undefined && cluster !== 'host') return undefined; // not found: there is no other cluster here
    return params.size === 0 ? path : `${path}?${params.toString()}`;
  } catch (error) {
    expect(isApiError(error, 'BadRequest')).toBe(true);
    return undefined;
  }
}

describe('two readers of one request', () => {
  it('understand the same', { timeout: 60_000 }, () => {
    let compared = 0;
    const check = (method: string, given: string): void => {
      const url = ownClusterTarget('host')(given);
      const onward = passedOn(url);
      if (onward === undefined) return;
      compared += 1;
      // The old way to watch goes on as today's, which says by a selector what that said by a name.
      const isOldWatch = /\/watch(\/|$)|%77atch(\/|$|\?)/.test(url.split('?', 1)[0] ?? '');
      if (!isOldWatch) expect({ url, ...decisive(method, onward) }).toEqual({ url, ...decisive(method, url) });
    };
    fc.assert(fc.property(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'), target, check), {
      numRuns: 20_000,
      seed: 7,
    });
    expect(compared).toBeGreaterThan(5000);
  });

  it('understand the old way to watch as no more than it says', () => {
    const rows = [
      '/api/v1/watch/secrets',
      '/api/v1/watch/namespaces/shop/secrets',
      '/api/v1/watch/namespaces/shop/secrets/x',
      '/api/v1/watch/namespaces/shop',
      '/apis/apps/v1/watch/namespaces/shop/deployments/web',
    ];
    for (const url of rows) {
      const onward = requestInfo('GET', passedOn(url) ?? '');
      const asked = requestInfo('GET', url);
      expect([onward.verb, onward.resource, onward.group]).toEqual([asked.verb, asked.resource, asked.group]);
      if (asked.resource !== 'namespaces') expect(onward.namespace).toBe(asked.namespace);
      expect(onward.name).toBe(asked.name);
    }
  });
});
