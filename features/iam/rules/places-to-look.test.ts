import { describe, expect, it } from 'vitest';
import { placesToLook } from './places-to-look.ts';
import { requestInfo } from './request-info.ts';

const workspaces: Record<string, string> = { shop: 'dev' };

describe('placesToLook', () => {
  const rows: [why: string, ask: string, places: string[]][] = [
    ['users are decided by the platform alone', 'GET /kapis/iam.kubesphere.io/v1alpha2/users', ['platform']],
    ['cluster resources', 'GET /api/v1/nodes', ['platform', 'cluster']],
    ['plain paths', 'GET /version', ['platform', 'cluster']],
    [
      'a workspace',
      'GET /kapis/iam.kubesphere.io/v1alpha2/workspaces/dev/workspacemembers',
      ['platform', 'workspace/dev', 'cluster'],
    ],
    ['a project', 'GET /api/v1/namespaces/shop/pods', ['platform', 'workspace/dev', 'project/shop', 'cluster']],
    [
      'a namespace without workspace is nobody’s',
      'GET /api/v1/namespaces/kube-system/secrets',
      ['platform', 'project/kube-system', 'cluster'],
    ],
    [
      'the label decides, not the path',
      'GET /kapis/tenant.kubesphere.io/v1alpha2/workspaces/ops/namespaces/shop',
      ['platform', 'workspace/dev', 'project/shop', 'cluster'],
    ],
  ];
  it.each(rows)('%s', (_why, ask, places) => {
    const [method = '', target = ''] = ask.split(' ');
    expect(placesToLook(requestInfo(method, target), (namespace) => workspaces[namespace])).toEqual(places);
  });
});
