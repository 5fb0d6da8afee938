import { expect, test } from 'vitest';
import { missingRight } from './missing-right.ts';

const user = 'User "ann" cannot';

test.each([
  [
    'a resource of a group',
    `${user} list resource "deployments" in API group "apps" in the namespace "shop"`,
    { verb: 'list', group: 'apps', resource: 'deployments' },
  ],
  [
    'the core group has an empty name',
    `pods is forbidden: ${user} get resource "pods" in API group "" at the cluster scope`,
    { verb: 'get', group: '', resource: 'pods' },
  ],
  [
    'a subresource is told apart',
    `${user} create resource "pods/exec" in API group "" in the namespace "a"`,
    { verb: 'create', group: '', resource: 'pods', subresource: 'exec' },
  ],
  ['another refusal names no right', 'this API token can only read', undefined],
])('%s', (_why, message, right) => {
  expect(missingRight(message)).toEqual(right);
});
