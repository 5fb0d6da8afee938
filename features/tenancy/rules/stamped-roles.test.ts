import type { RoleBaseObject } from '@feature/iam/contract';
import { describe, expect, it } from 'vitest';
import { isFor, projectRoleFrom, says, workspaceRoleFrom } from './stamped-roles.ts';

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

const [project, devops] = [{ 'kubesphere.io/workspace': 'acme' }, { 'kubesphere.io/devopsproject': 'pipes' }];
const [inProjects, inDevops] = [{ 'scope.kubesphere.io/namespace': '' }, { 'scope.kubesphere.io/devops': '' }];
const stamped: readonly { why: string; kind: string; base: object; into: object; expected: boolean }[] = [
  { why: 'is meant for projects', kind: 'Role', base: inProjects, into: project, expected: true },
  { why: 'is meant for DevOps projects only', kind: 'Role', base: inDevops, into: project, expected: false },
  { why: 'is meant for DevOps projects', kind: 'Role', base: inDevops, into: devops, expected: true },
  { why: 'would give rights to workloads', kind: 'Role', base: inProjects, into: devops, expected: false },
  { why: 'is meant for both', kind: 'Role', base: { ...inProjects, ...inDevops }, into: devops, expected: true },
  { why: 'is no namespaced role', kind: 'WorkspaceRole', base: inProjects, into: project, expected: false },
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

  it.each(stamped)('into $into goes a base of a $kind with $base: $expected, it $why', (row) => {
    expect(isFor(base(row.kind, row.base as Record<string, string>), row.into as Record<string, string>)).toBe(
      row.expected,
    );
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
