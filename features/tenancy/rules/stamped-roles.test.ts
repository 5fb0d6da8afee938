import type { RoleBaseObject } from '@feature/iam/contract';
import { describe, expect, it } from 'vitest';
import { isForProjects, projectRoleFrom, says, workspaceRoleFrom } from './stamped-roles.ts';

const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }];
const base = (kind: string, baseLabels: Record<string, string>): RoleBaseObject => ({
  apiVersion: 'iam.kubesphere.io/v1alpha2',
  kind: 'RoleBase',
  metadata: { name: 'some-viewer', labels: baseLabels },
  role: {
    apiVersion: 'iam.kubesphere.io/v1alpha2',
    kind,
    metadata: { name: 'viewer', annotations: { 'kubesphere.io/alias-name': 'Viewer' } },
    rules,
  },
});

const forProjects: readonly [kind: string, baseLabels: Record<string, string>, expected: boolean, why: string][] = [
  ['Role', { 'scope.kubesphere.io/namespace': '' }, true, 'is meant for projects'],
  ['Role', { 'scope.kubesphere.io/devops': '' }, false, 'is meant for DevOps projects only'],
  ['WorkspaceRole', { 'scope.kubesphere.io/namespace': '' }, false, 'is no namespaced role'],
];

describe('roles made from RoleBases', () => {
  it('names a workspace role after its workspace, ties it to it, and lets it go with it', () => {
    const owner = { apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', name: 'acme', uid: 'u' };
    const role = workspaceRoleFrom(base('WorkspaceRole', {}), 'acme', owner);
    expect(role.metadata).toEqual({
      name: 'acme-viewer',
      labels: { 'kubesphere.io/workspace': 'acme' },
      annotations: { 'kubesphere.io/alias-name': 'Viewer' },
      ownerReferences: [owner],
    });
    expect(role.rules).toEqual(rules);
  });

  it('keeps the name of a project role, and marks it as ours', () => {
    const role = projectRoleFrom(base('Role', {}), 'shop');
    expect(role.metadata).toMatchObject({ name: 'viewer', namespace: 'shop' });
    expect(role.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'freehold' });
  });

  it.each(forProjects)('a base of a %s with %j: %s, it %s', (kind, baseLabels, expected) => {
    expect(isForProjects(base(kind, baseLabels))).toBe(expected);
  });
});

const wanted = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' }, list: [1, 2] };
const compared: readonly [actual: object | undefined, result: boolean, why: string][] = [
  [undefined, false, 'it is not there'],
  [{ ...wanted }, true, 'it says the same'],
  [{ ...wanted, metadata: { name: 'a', uid: 'u' }, more: 1 }, true, 'others have added to it'],
  [{ ...wanted, list: [1, 2, 3] }, false, 'a longer list grants more'],
  [{ ...wanted, list: [2, 1] }, false, 'another order is another list'],
  [{ ...wanted, list: undefined }, false, 'a field is missing'],
];

describe('says', () => {
  it.each(compared)('%j: %s, %s', (actual, result) => {
    expect(says(actual as typeof wanted | undefined, wanted)).toBe(result);
  });
});
