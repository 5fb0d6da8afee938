import { labels, iamTypes, type PolicyRule, type RoleObject } from '@feature/iam/contract';
import type { Session, TestPlatform } from '@kit/testing';
import { expect, vi } from 'vitest';
import type { Person } from './people.ts';
import { give, makeProject, makeUser, makeWorkspace, password, patience } from './world.ts';

export const jsonPatch = { 'content-type': 'application/json-patch+json' };
export const applyPatch = { 'content-type': 'application/apply-patch+yaml' };
export const rbac = '/apis/rbac.authorization.k8s.io/v1';
export const kubeIam = '/apis/iam.kubesphere.io/v1alpha2';

/** Two workspaces with an owner and a project each. */
export async function makeTwoPlaces(admin: Session): Promise<void> {
  for (const name of ['owner', 'other']) await makeUser(admin, { name, grants: [] });
  await makeWorkspace(admin, 'dev', 'owner');
  await makeWorkspace(admin, 'ops', 'other');
  await makeProject(admin, 'dev', 'shop');
  await makeProject(admin, 'ops', 'tools');
}

const every = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
export const rule = (apiGroup: string, ...resources: string[]): PolicyRule => ({
  apiGroups: [apiGroup],
  resources,
  verbs: every,
});

const apiVersions = {
  GlobalRole: 'iam.kubesphere.io/v1alpha2',
  WorkspaceRole: 'iam.kubesphere.io/v1alpha2',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
};
const types = {
  GlobalRole: iamTypes.globalRoles,
  WorkspaceRole: iamTypes.workspaceRoles,
  ClusterRole: iamTypes.clusterRoles,
  Role: iamTypes.roles,
};

export interface Limited {
  readonly kind: keyof typeof types;
  readonly rules: PolicyRule[];
}

/** The platform, and who may do everything on it. */
export interface Stage {
  readonly platform: TestPlatform;
  readonly admin: Session;
}

/** Somebody with a role of exactly these rules, as an administrator could have made it in the cluster itself. */
export async function somebody({ platform, admin }: Stage, name: string, { kind, rules }: Limited): Promise<Session> {
  const level = {
    GlobalRole: 'platform',
    WorkspaceRole: 'workspace',
    ClusterRole: 'cluster',
    Role: 'project',
  } as const;
  const place = { GlobalRole: '', WorkspaceRole: 'dev', ClusterRole: '', Role: 'shop' }[kind];
  const role = `${name}-role`;
  const metadata = {
    name: role,
    ...(kind === 'Role' ? { namespace: place } : {}),
    ...(kind === 'WorkspaceRole' ? { labels: { [labels.workspace]: place } } : {}),
  };
  const object: RoleObject = { apiVersion: apiVersions[kind], kind, metadata, rules };
  await platform.kube.create(types[kind], object);
  await vi.waitFor(
    async () =>
      expect(
        (
          await admin.call(
            'GET',
            `/kapis/resources.kubesphere.io/v1alpha3/${kind === 'Role' ? 'namespaces/shop/roles' : types[kind].plural}/${role}`,
          )
        ).status,
      ).toBe(200),
    patience,
  );
  const person: Person = { name, grants: [{ level: level[kind], place, role }] };
  await makeUser(admin, person);
  for (const grant of person.grants) await give(admin, name, grant);
  return platform.signIn(name, password);
}

/** A refusal, in words, that left no trace. */
export async function refused(work: Promise<{ status: number; text: string }>, code = 403): Promise<void> {
  const { status, text } = await work;
  expect([status, text]).toEqual([code, expect.stringContaining('"kind":"Status"')]);
}

/** `v1/ServiceAccount` and what is in it. */
export function object(kindOfGroup: string, metadata: object, rest: object = {}): object {
  const at = kindOfGroup.lastIndexOf('/');
  return { apiVersion: kindOfGroup.slice(0, at), kind: kindOfGroup.slice(at + 1), metadata, ...rest };
}
export const subject = (name: string): object => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });
export const roleRef = (kind: string, name: string): object => ({
  apiGroup:
    kind.startsWith('Global') || kind.startsWith('Workspace') ? 'iam.kubesphere.io' : 'rbac.authorization.k8s.io',
  kind,
  name,
});
