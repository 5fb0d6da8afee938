import { describe, expect, it } from 'vitest';
import { requestInfo } from './request-info.ts';
import { selfServiceRules } from './self-service.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';

describe('what a signed-in user without a role may do', () => {
  const rows: [why: string, ask: string, allowed: boolean][] = [
    ['read themselves', `GET ${iam}/users/jane`, true],
    ['change themselves', `PUT ${iam}/users/jane`, true],
    ['change their password', `PUT ${iam}/users/jane/password`, true],
    ['not delete themselves', `DELETE ${iam}/users/jane`, false],
    ['not read another', `GET ${iam}/users/mark`, false],
    ['not even by a selector', `GET ${iam}/users?fieldSelector=metadata.name%3Dmark`, false],
    ['not behind the platform’s back', 'PATCH /apis/iam.kubesphere.io/v1alpha2/users/jane', false],
    ['their own membership', `GET ${iam}/workspaces/dev/workspacemembers/jane`, true],
    ['and its roles', `GET ${iam}/namespaces/shop/members/jane/roles`, true],
    ['not change it', `PUT ${iam}/workspaces/dev/workspacemembers/jane`, false],
    ['not another’s', `GET ${iam}/workspaces/dev/workspacemembers/mark`, false],
    ['not a workspace of their name', 'GET /kapis/tenant.kubesphere.io/v1alpha2/workspaces/jane', false],
    ['discovery', 'GET /apis/apps/v1', true],
    ['discovery of all', 'GET /api', true],
    ['not the metrics', 'GET /metrics', false],
    ['not a list', 'GET /api/v1/pods', false],
  ];
  it.each(rows)('%s: %s', (_why, ask, allowed) => {
    const [method = '', target = ''] = ask.split(' ');
    const wanted = requestInfo(method, target);
    expect(selfServiceRules.some((rule) => rule.allows('jane', wanted))).toBe(allowed);
  });
});
