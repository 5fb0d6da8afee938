import { describe, expect, it } from 'vitest';
import { ownClusterTarget } from './own-cluster-target.ts';

describe('ownClusterTarget', () => {
  const rows: [why: string, target: string, served: string][] = [
    [
      'behind the prefix',
      '/kapis/clusters/host/iam.kubesphere.io/v1alpha2/users?limit=1',
      '/kapis/iam.kubesphere.io/v1alpha2/users?limit=1',
    ],
    ['behind the core prefix', '/api/clusters/host/v1/nodes', '/api/v1/nodes'],
    ['before the prefix', '/clusters/host/apis/apps/v1/deployments', '/apis/apps/v1/deployments'],
    ['another cluster stays', '/kapis/clusters/east/version', '/kapis/clusters/east/version'],
    ['a longer name stays', '/kapis/clusters/hostile/version', '/kapis/clusters/hostile/version'],
    ['a page of the console stays', '/clusters/host/nodes', '/clusters/host/nodes'],
    [
      'a resource called clusters stays',
      '/apis/cluster.kubesphere.io/v1alpha1/clusters/host',
      '/apis/cluster.kubesphere.io/v1alpha1/clusters/host',
    ],
  ];
  it.each(rows)('%s: %s', (_why, target, served) => {
    expect(ownClusterTarget('host')(target)).toBe(served);
  });
});
