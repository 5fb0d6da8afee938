import { annotations, iamTypes, labels, type RoleObject } from '@feature/iam/contract';
import type { KubeObject } from '@kit/kube';
import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  applyPatch,
  jsonPatch,
  kubeIam,
  makeTwoPlaces,
  object,
  rbac,
  refused,
  roleRef,
  rule,
  somebody,
  subject,
  type Stage,
} from './limited-people.ts';
import { iam, mergePatch, password, patience } from './world.ts';

let platform: TestPlatform;
let admin: Session;
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  await makeTwoPlaces(admin);
}, 120_000);
afterAll(() => platform.stop());
const stage = (): Stage => ({ platform, admin });

describe('through bindings', () => {
  it('of projects: nobody binds more than they have', async () => {
    const eve = await somebody(stage(), 'eve-binder', {
      kind: 'Role',
      rules: [
        rule('rbac.authorization.k8s.io', 'rolebindings', 'roles'),
        rule('iam.kubesphere.io', 'members', 'rolebindings'),
      ],
    });
    const binding = object(
      'rbac.authorization.k8s.io/v1/RoleBinding',
      { name: 'up' },
      { roleRef: roleRef('Role', 'admin'), subjects: [subject('eve-binder')] },
    );
    const inShop = `${rbac}/namespaces/shop/rolebindings`;
    await refused(eve.call('POST', inShop, binding));
    await refused(eve.call('POST', `${inShop}?dryRun=All`, binding));
    await refused(eve.call('PATCH', `${inShop}/up?fieldManager=x&force=true`, binding, applyPatch));
    await refused(eve.call('POST', inShop, { ...binding, roleRef: roleRef('ClusterRole', 'cluster-admin') }));
    await refused(eve.call('POST', `${iam}/namespaces/shop/members`, [{ username: 'eve-binder', roleRef: 'admin' }]));
    await refused(
      eve.call('POST', `${iam}/namespaces/shop/rolebindings`, [
        { roleRef: { name: 'admin' }, subjects: [{ kind: 'User', name: 'eve-binder' }] },
      ]),
    );
    await refused(eve.call('POST', `${rbac}/namespaces/tools/rolebindings`, binding));
    const own = { ...binding, roleRef: roleRef('Role', 'eve-binder-role'), subjects: [subject('other')] };
    expect((await eve.call('POST', inShop, own)).status).toBe(201);
    const swap = [{ op: 'replace', path: '/subjects/0/name', value: 'never-made' }];
    await refused(eve.call('PATCH', `${inShop}/up`, swap, jsonPatch), 404);
  });

  it('of the cluster and the platform', async () => {
    const eve = await somebody(stage(), 'eve-cluster', {
      kind: 'ClusterRole',
      rules: [
        rule('rbac.authorization.k8s.io', 'clusterrolebindings', 'clusterroles', 'rolebindings'),
        rule('iam.kubesphere.io', '*'),
      ],
    });
    const up = object(
      'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
      { name: 'up' },
      { roleRef: roleRef('ClusterRole', 'cluster-admin'), subjects: [subject('eve-cluster')] },
    );
    await refused(eve.call('POST', `${rbac}/clusterrolebindings`, up));
    await refused(eve.call('POST', `${rbac}/namespaces/kube-system/rolebindings`, { ...up, kind: 'RoleBinding' }));
    await refused(eve.call('POST', `${iam}/clustermembers`, [{ username: 'eve-cluster', roleRef: 'cluster-admin' }]));
    // The platform's own kinds are not for roles of the cluster, by either way, as lists or as watches.
    const platformWide = object(
      'iam.kubesphere.io/v1alpha2/GlobalRoleBinding',
      { name: 'up' },
      { roleRef: roleRef('GlobalRole', 'platform-admin'), subjects: [subject('eve-cluster')] },
    );
    await refused(eve.call('POST', `${kubeIam}/globalrolebindings`, platformWide));
    await refused(eve.call('POST', `${iam}/globalrolebindings`, platformWide));
    await refused(eve.call('GET', `${kubeIam}/workspacerolebindings?watch=true`));
    const inOps = object(
      'iam.kubesphere.io/v1alpha2/WorkspaceRoleBinding',
      { name: 'up', labels: { [labels.workspace]: 'ops' } },
      { roleRef: roleRef('WorkspaceRole', 'ops-admin'), subjects: [subject('eve-cluster')] },
    );
    await refused(eve.call('POST', `${iam}/workspacerolebindings`, inOps));
  });

  it('of a name that is nobody’s yet, or has rights already', async () => {
    const binding = object(
      'rbac.authorization.k8s.io/v1/RoleBinding',
      { name: 'early' },
      { roleRef: roleRef('Role', 'viewer'), subjects: [subject('not-yet')] },
    );
    await refused(
      (await platform.signIn('owner', password)).call('POST', `${rbac}/namespaces/shop/rolebindings`, binding),
      404,
    );
    // One that stands in the cluster itself, as on a cluster that had users of its own.
    await platform.kube.create(iamTypes.clusterRoleBindings, {
      ...object(
        'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
        { name: 'of-old' },
        { roleRef: roleRef('ClusterRole', 'cluster-admin'), subjects: [subject('left-over')] },
      ),
    } as KubeObject); // cast: an object with a name
    const manager = await somebody(stage(), 'user-maker', {
      kind: 'GlobalRole',
      rules: [rule('iam.kubesphere.io', 'users', 'users/*')],
    });
    const user = (name: string): object => ({ metadata: { name }, spec: { email: `${name}@example.com`, password } });
    await vi.waitFor(() => refused(manager.call('POST', `${iam}/users`, user('left-over'))), patience);
    expect((await manager.call('POST', `${iam}/users`, user('brand-new'))).status).toBe(200);
  });
});

describe('through roles', () => {
  it('made, changed, or taken into others by labels', async () => {
    const eve = await somebody(stage(), 'eve-roles', {
      kind: 'ClusterRole',
      rules: [rule('rbac.authorization.k8s.io', 'clusterroles'), rule('', 'configmaps')],
    });
    const path = `${rbac}/clusterroles`;
    const own = object(
      'rbac.authorization.k8s.io/v1/ClusterRole',
      { name: 'up' },
      { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
    );
    await refused(eve.call('POST', path, own));
    await refused(
      eve.call(
        'PATCH',
        `${path}/eve-roles-role`,
        [{ op: 'replace', path: '/rules/0/resources', value: ['*'] }],
        jsonPatch,
      ),
    );
    await refused(
      eve.call(
        'PATCH',
        `${path}/eve-roles-role`,
        { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] },
        mergePatch,
      ),
    );
    // By its label a role becomes part of those that aggregate it.
    const label = { metadata: { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } } };
    await refused(eve.call('PATCH', `${path}/cluster-admin`, label, mergePatch));
    await refused(eve.call('POST', path, { ...own, rules: null, aggregationRule: { clusterRoleSelectors: [{}] } }));
    expect((await eve.call('PATCH', `${path}/eve-roles-role`, label, mergePatch)).status).toBe(200);
  });

  it('of a workspace, by whoever may make roles there', async () => {
    const eve = await somebody(stage(), 'eve-workspace', {
      kind: 'WorkspaceRole',
      rules: [
        rule(
          'iam.kubesphere.io',
          'workspaceroles',
          'workspacemembers',
          'groups',
          'groupbindings',
          'workspacerolebindings',
        ),
      ],
    });
    const made = (template: string): object => ({
      metadata: { name: 'dev-up', annotations: { [annotations.aggregationRoles]: JSON.stringify([template]) } },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    });
    const roles = `${iam}/workspaces/dev/workspaceroles`;
    await refused(eve.call('POST', roles, made('role-template-manage-projects')));
    await refused(eve.call('PATCH', `${roles}/dev-viewer`, made('role-template-manage-projects')));
    await refused(
      eve.call('POST', `${iam}/workspaces/dev/workspacemembers`, [{ username: 'eve-workspace', roleRef: 'dev-admin' }]),
    );
    await refused(
      eve.call('POST', `${iam}/workspaces/ops/workspacemembers`, [
        { username: 'eve-workspace', roleRef: 'ops-viewer' },
      ]),
    );
    const { body } = await admin.call<RoleObject>('GET', `${roles}/eve-workspace-role`);
    expect(body.rules).toHaveLength(1);
  });

  it('that are stamped into every project', async () => {
    const eve = await somebody(stage(), 'eve-bases', {
      kind: 'GlobalRole',
      rules: [rule('iam.kubesphere.io', 'rolebases')],
    });
    const base = `${iam}/rolebases/project-admin`;
    const { body } = await admin.call<{ role: { metadata: { name: string } }; metadata: object }>('GET', base);
    const renamed = { role: { ...body.role, metadata: { ...body.role.metadata, name: 'viewer' } } };
    await refused(eve.call('PATCH', base, renamed));
    await refused(eve.call('PATCH', `${kubeIam}/rolebases/project-admin`, renamed, mergePatch));
    await refused(
      eve.call(
        'PATCH',
        `${kubeIam}/rolebases/workspace-admin`,
        { metadata: { labels: { [labels.scopeNamespace]: '' } } },
        mergePatch,
      ),
    );
  });
});

describe('through groups and service accounts', () => {
  it('a group gives what its maker has', async () => {
    const owner = await platform.signIn('owner', password);
    expect((await owner.call('POST', `${iam}/workspaces/dev/groups`, { metadata: { name: 'dev-team' } })).status).toBe(
      200,
    );
    expect(
      (
        await owner.call('POST', `${iam}/workspaces/dev/workspacerolebindings`, [
          { roleRef: { name: 'dev-admin' }, subjects: [{ kind: 'Group', name: 'dev-team' }] },
        ])
      ).status,
    ).toBe(200);
    const eve = await somebody(stage(), 'eve-groups', {
      kind: 'WorkspaceRole',
      rules: [rule('iam.kubesphere.io', 'groups', 'groupbindings')],
    });
    const join = [{ userName: 'eve-groups', groupName: 'dev-team' }];
    await vi.waitFor(() => refused(eve.call('POST', `${iam}/workspaces/dev/groupbindings`, join)), patience);
    const manager = await somebody(stage(), 'eve-users', {
      kind: 'GlobalRole',
      rules: [rule('iam.kubesphere.io', 'users', 'users/*')],
    });
    const friend = {
      metadata: { name: 'friend' },
      spec: { email: 'friend@example.com', password, groups: ['dev-team'] },
    };
    await refused(manager.call('POST', `${iam}/users`, friend));
    await refused(
      manager.call('POST', `${iam}/users`, { ...friend, spec: { ...friend.spec, groups: ['system:masters'] } }),
    );
  });

  it('a service account gets the role of its annotation from who has it', async () => {
    const eve = await somebody(stage(), 'eve-accounts', {
      kind: 'Role',
      rules: [rule('', 'serviceaccounts', 'serviceaccounts/token')],
    });
    const path = '/api/v1/namespaces/shop/serviceaccounts';
    const account = object('v1/ServiceAccount', { name: 'robot', annotations: { [annotations.role]: 'admin' } });
    await refused(eve.call('POST', path, account));
    expect((await eve.call('POST', path, object('v1/ServiceAccount', { name: 'robot' }))).status).toBe(201);
    const note = { metadata: { annotations: { [annotations.role]: 'admin' } } };
    await refused(eve.call('PATCH', `${path}/robot`, note, mergePatch));
    await refused(eve.call('PATCH', `${path}/robot?fieldManager=x`, { ...account, ...note }, applyPatch), 403);
    const yaml = JSON.stringify(account);
    const { body } = await eve.call<{ items?: { action: string }[] }>(
      'POST',
      '/kapis/resources.freehold.io/v1alpha1/namespaces/shop/imports',
      { yaml, dryRun: false },
    );
    expect(body.items?.map(({ action }) => action) ?? ['refused']).toEqual(['refused']);
  });
});
