import { expect, it } from 'vitest';
import { isGuardedByAdmin } from './guarded-by-admin.ts';
import { requestInfo } from './request-info.ts';

const rows: [why: string, ask: string, guarded: boolean][] = [
  ['users behind the platform’s back', 'GET /apis/iam.kubesphere.io/v1alpha2/users', true],
  ['one of them', 'GET /apis/iam.kubesphere.io/v1alpha2/users/jane', true],
  ['a watch of them', 'GET /apis/iam.kubesphere.io/v1alpha2/watch/users', true],
  ['users as the platform shows them', 'GET /kapis/iam.kubesphere.io/v1alpha2/users', false],
  ['the platform’s own secrets', 'GET /api/v1/namespaces/kubesphere-system/secrets/freehold-signing-key', true],
  [
    'by the lists of the platform too',
    'GET /kapis/resources.kubesphere.io/v1alpha3/namespaces/kubesphere-system/secrets',
    true,
  ],
  ['all secrets, which has them too', 'GET /api/v1/secrets', true],
  ['the secrets of a project', 'GET /api/v1/namespaces/shop/secrets', false],
  ['other things of the platform', 'GET /api/v1/namespaces/kubesphere-system/configmaps', false],
  ['but not to change them', 'PATCH /api/v1/namespaces/kubesphere-system/configmaps/settings', true],
  ['a shell beside the platform', 'GET /api/v1/namespaces/kubesphere-system/pods/freehold/exec?command=sh', true],
  ['a token of its service account', 'POST /api/v1/namespaces/kubesphere-system/serviceaccounts/freehold/token', true],
  ['its namespace itself', 'PATCH /api/v1/namespaces/kubesphere-system', true],
  ['API tokens behind the platform’s back', 'GET /apis/iam.freehold.io/v1alpha1/apitokens', true],
  ['requests for roles too', 'PATCH /apis/iam.freehold.io/v1alpha1/accessrequests/x/status', true],
  ['one’s own tokens as the platform shows them', 'GET /kapis/iam.freehold.io/v1alpha1/account/tokens', false],
  ['the same in a project', 'PATCH /api/v1/namespaces/shop/configmaps/settings', false],
];

it.each(rows)('%s: %s', (_why, ask, guarded) => {
  const [method = '', target = ''] = ask.split(' ');
  expect(isGuardedByAdmin(requestInfo(method, target))).toBe(guarded);
});
