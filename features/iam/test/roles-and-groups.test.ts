import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const tenant = '/kapis/tenant.kubesphere.io';
const password = 'Str0ngPass';
const patience = { timeout: 15_000, interval: 20 };
const aggregation = 'iam.kubesphere.io/aggregation-roles';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
interface Role {
  metadata: {
    name: string;
    resourceVersion: string;
    annotations: Record<string, string>;
    labels?: Record<string, string>;
  };
  rules: { resources?: string[]; verbs: string[] }[] | null;
}
interface Status {
  reason: string;
  message: string;
}

let platform: TestPlatform;
let admin: Session;
let owner: Session;
let jane: Session;

async function createUser(name: string): Promise<Session> {
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  return platform.signIn(name, password);
}

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  owner = await createUser('owner');
  jane = await createUser('jane');
  await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, {
    metadata: { name: 'dev' },
    spec: { template: { spec: { manager: 'owner' } } },
  });
  await vi.waitFor(
    async () => expect((await admin.call('GET', `${iam}/workspaces/dev/workspacemembers/owner`)).status).toBe(200),
    patience,
  );
  await owner.call('POST', `${tenant}/v1alpha2/workspaces/dev/namespaces`, { metadata: { name: 'shop' } });
  await vi.waitFor(
    async () =>
      expect((await admin.call('GET', `${iam}/namespaces/shop/roles/role-template-view-volumes`)).status).toBe(200),
    patience,
  );
}, 60_000);
afterAll(() => platform.stop());

const role = (name: string, templates: string[], more: object = {}): object => ({
  metadata: { name, annotations: { [aggregation]: JSON.stringify(templates) } },
  rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  ...more,
});

describe('a role of each level', () => {
  const rows: [level: string, path: string, name: string, template: string, resource: string][] = [
    ['platform', `${iam}/globalroles`, 'auditor', 'role-template-view-users', 'users'],
    ['cluster', `${iam}/clusterroles`, 'node-reader', 'role-template-view-nodes', 'nodes'],
    ['workspace', `${iam}/workspaces/dev/workspaceroles`, 'dev-people', 'role-template-view-groups', 'groups'],
    ['project', `${iam}/namespaces/shop/roles`, 'mounter', 'role-template-view-volumes', 'persistentvolumeclaims'],
  ];
  it.each(rows)(
    'of the %s has its templates’ rules and no others',
    async (_level, ...[path, name, template, resource]) => {
      const made = await admin.call<Role>('POST', path, role(name, [template]));
      expect(made.status).toBe(200);
      expect((made.body.rules ?? []).flatMap(({ resources = [] }) => resources)).toContain(resource);
      expect(made.body.rules?.every(({ verbs }) => !verbs.includes('*'))).toBe(true);
      expect((await admin.call('POST', path, role(name, [template]))).status).toBe(409);
      const { body } = await admin.call<Role>('GET', `${path}/${name}`);
      const emptied = { ...body, metadata: { ...body.metadata, annotations: { [aggregation]: '[]' } } };
      const stale = { ...body, metadata: { ...body.metadata, resourceVersion: '1' } };
      expect((await admin.call('PUT', `${path}/${name}`, stale)).status).toBe(409);
      expect((await admin.call<Role>('PUT', `${path}/${name}`, emptied)).body.rules ?? []).toEqual([]);
      const again = { metadata: { annotations: { [aggregation]: JSON.stringify([template]) } } };
      const patched = await admin.call<Role>('PATCH', `${path}/${name}`, again, {
        'content-type': 'application/merge-patch+json',
      });
      expect(patched.body.rules).toEqual(made.body.rules);
      expect((await admin.call('DELETE', `${path}/${name}`)).status).toBe(200);
      expect((await admin.call('DELETE', `${path}/${name}`)).status).toBe(404);
    },
  );

  it('takes along what its templates depend on', async () => {
    const { body } = await admin.call<Role>(
      'POST',
      `${iam}/namespaces/shop/roles`,
      role('deployer', ['role-template-manage-app-workloads']),
    );
    const names = JSON.parse(body.metadata.annotations[aggregation] ?? '') as string[];
    expect(names).toContain('role-template-view-app-workloads');
    expect(names).toContain('role-template-view-snapshots');
  });

  const refused: [why: string, path: string, body: object, status: number][] = [
    ['a template that is not there', `${iam}/globalroles`, role('x', ['role-template-nope']), 404],
    ['a role that is no template', `${iam}/globalroles`, role('x', ['platform-admin']), 404],
    ['a name that cannot be', `${iam}/globalroles`, role('Not A Name', []), 422],
    ['no metadata', `${iam}/globalroles`, { rules: [] }, 422],
    [
      'a label that makes it a template',
      `${iam}/globalroles`,
      { metadata: { name: 'x', labels: { 'iam.kubesphere.io/role-template': 'true' } } },
      403,
    ],
    [
      'a label of another workspace',
      `${iam}/workspaces/dev/workspaceroles`,
      { metadata: { name: 'x', labels: { 'kubesphere.io/workspace': 'other' } } },
      400,
    ],
    ['a DevOps project that is none', `${iam}/devops/shop/roles`, role('x', []), 404],
  ];
  it.each(refused)('refuses %s', async (_why, ...[path, body, status]) => {
    expect((await admin.call('POST', path, body)).status).toBe(status);
  });

  it('leaves what is built in alone', async () => {
    for (const path of [
      `${iam}/globalroles/platform-regular`,
      `${iam}/globalroles/role-template-view-users`,
      `${iam}/clusterroles/view`,
      `${iam}/workspaces/dev/workspaceroles/dev-viewer`,
      `${iam}/namespaces/shop/roles/viewer`,
    ])
      expect([path, (await admin.call('DELETE', path)).status]).toEqual([path, 403]);
  });

  it('ends for its holders when it is deleted, and does not come back with its name', async () => {
    const path = `${iam}/workspaces/dev/workspaceroles`;
    await owner.call('POST', path, role('dev-short', ['role-template-view-projects']));
    const members = `${iam}/workspaces/dev/workspacemembers`;
    expect((await owner.call('POST', members, [{ username: 'jane', roleRef: 'dev-short' }])).status).toBe(200);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(200);
    expect((await owner.call('DELETE', `${path}/dev-short`)).status).toBe(200);
    await owner.call('POST', path, role('dev-short', ['role-template-view-projects']));
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(403);
  });
});

describe('a group', () => {
  const groups = `${iam}/workspaces/dev/groups`;
  const bindings = `${iam}/workspaces/dev/groupbindings`;
  const roles = `${iam}/workspaces/dev/workspacerolebindings`;

  it('gives its members its roles, in the workspace and in projects, and takes them back', async () => {
    const made = await owner.call<Role>('POST', groups, { metadata: { generateName: 'dev-' } });
    expect(made.status).toBe(200);
    const group = made.body.metadata.name;
    const subjects = [{ kind: 'Group', name: group }];
    const bound = await owner.call<Role[]>('POST', roles, [{ roleRef: { name: 'dev-viewer' }, subjects }]);
    expect(bound.status).toBe(200);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(403);
    const put = await owner.call<Role[]>('POST', bindings, [{ userName: 'jane', groupName: group }]);
    expect(put.status).toBe(200);
    expect((await owner.call('POST', bindings, [{ userName: 'jane', groupName: group }])).status).toBe(409);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(200);
    const own = await jane.call<Role[]>('GET', `${iam}/workspaces/dev/workspacemembers/jane/workspaceroles`);
    expect(own.body.map(({ metadata }) => metadata.name)).toContain('role-template-view-projects');
    const listed = await owner.call<{ items: Role[]; totalItems: number }>('GET', `${bindings}?user=jane`);
    expect(listed.body.totalItems).toBe(1);
    const inGroup = await owner.call<{ totalItems: number }>('GET', `${iam}/users?ingroup=${group}`);
    expect(inGroup.body.totalItems).toBe(1);
    expect((await owner.call('DELETE', `${bindings}/${put.body[0]?.metadata.name ?? ''}`)).status).toBe(200);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(403);
    const inProject = `${iam}/namespaces/shop/rolebindings`;
    expect((await owner.call('POST', inProject, [{ roleRef: { name: 'viewer' }, subjects }])).status).toBe(200);
    const all = await owner.call<{ totalItems: number }>('GET', `${iam}/workspaces/dev/rolebindings`);
    expect(all.body.totalItems).toBe(1);
    await owner.call('POST', bindings, [{ userName: 'jane', groupName: group }]);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(200);
    expect((await owner.call('DELETE', `${groups}/${group}`)).status).toBe(200);
    await vi.waitFor(async () => {
      expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(403);
      expect((await owner.call<{ totalItems: number }>('GET', roles)).body.totalItems).toBe(1);
      expect((await owner.call<{ totalItems: number }>('GET', bindings)).body.totalItems).toBe(0);
      expect((await owner.call('GET', `${groups}/${group}`)).status).toBe(404);
    }, patience);
    const { body } = await admin.call<{ spec: { groups?: string[] } }>('GET', `${iam}/users/jane`);
    expect(body.spec.groups ?? []).toEqual([]);
  });

  it('is one of a tree, which has no circles and goes from the top', async () => {
    const parent = 'iam.kubesphere.io/group-parent';
    await owner.call('POST', groups, { metadata: { name: 'dev-top' } });
    await owner.call('POST', groups, { metadata: { name: 'dev-mid', labels: { [parent]: 'dev-top' } } });
    await owner.call('POST', groups, { metadata: { name: 'dev-low', labels: { [parent]: 'dev-mid' } } });
    const circle = { metadata: { labels: { [parent]: 'dev-low' } } };
    expect((await owner.call('PATCH', `${groups}/dev-top`, circle)).status).toBe(422);
    expect((await owner.call('PATCH', `${groups}/dev-top`, { metadata: { labels: { [parent]: 'no' } } })).status).toBe(
      404,
    );
    const children = await owner.call<{ items: Role[] }>('GET', `${groups}?parent=dev-top`);
    expect(children.body.items.map(({ metadata }) => metadata.name)).toEqual(['dev-mid']);
    await vi.waitFor(async () => {
      const { body } = await owner.call<{ metadata: { ownerReferences?: { name: string }[] } }>(
        'GET',
        `${groups}/dev-low`,
      );
      expect(body.metadata.ownerReferences?.[0]?.name).toBe('dev-mid');
    }, patience);
    expect((await owner.call('DELETE', `${groups}/dev-top`)).status).toBe(200);
    await vi.waitFor(async () => expect((await owner.call('GET', `${groups}/dev-low`)).status).toBe(404), patience);
  });

  it('is refused what is wrong with words that say what', async () => {
    const rows: [path: string, body: unknown, status: number][] = [
      [groups, { metadata: {} }, 422],
      [groups, { metadata: { name: 'No Good' } }, 422],
      [bindings, [{ userName: 'nobody-here', groupName: 'dev-none' }], 404],
      [bindings, [], 422],
      [roles, [{ roleRef: { name: 'dev-nope' }, subjects: [{ kind: 'Group', name: 'g' }] }], 404],
      [roles, [{ roleRef: { name: 'dev-viewer' }, subjects: [{ kind: 'Group', name: 'g' }] }], 404],
      [roles, [{ roleRef: { name: 'dev-viewer' }, subjects: [{ kind: 'ServiceAccount', name: 'g' }] }], 422],
    ];
    for (const [path, body, status] of rows) {
      const answer = await owner.call<Status>('POST', path, body);
      expect([path, JSON.stringify(body), answer.status]).toEqual([path, JSON.stringify(body), status]);
      expect(answer.body.message).not.toBe('');
    }
  });
});

describe('nobody grants more than they have', () => {
  let clerk: Session;
  const members = `${iam}/workspaces/dev/workspacemembers`;

  beforeAll(async () => {
    clerk = await createUser('clerk');
    await platform.kube.create(
      {
        group: 'iam.kubesphere.io',
        version: 'v1alpha2',
        kind: 'WorkspaceRole',
        plural: 'workspaceroles',
        namespaced: false,
      },
      {
        apiVersion: 'iam.kubesphere.io/v1alpha2',
        kind: 'WorkspaceRole',
        metadata: { name: 'dev-clerk', labels: { 'kubesphere.io/workspace': 'dev' } },
        rules: [
          {
            apiGroups: ['*'],
            resources: ['groups', 'groupbindings', 'rolebindings', 'workspacerolebindings', 'workspaceroles', 'roles'],
            verbs: ['*'],
          },
          { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['*'] },
        ],
      },
    );
    await vi.waitFor(
      async () =>
        expect((await owner.call('POST', members, [{ username: 'clerk', roleRef: 'dev-clerk' }])).status).toBe(200),
      patience,
    );
    await owner.call('POST', `${iam}/workspaces/dev/groups`, { metadata: { name: 'dev-bosses' } });
    const subjects = [{ kind: 'Group', name: 'dev-bosses' }];
    await owner.call('POST', `${iam}/workspaces/dev/workspacerolebindings`, [
      { roleRef: { name: 'dev-admin' }, subjects },
    ]);
  }, 30_000);

  const binding = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' };
  const toAdmin = {
    ...binding,
    metadata: { name: 'up' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'clerk' }],
  };
  const everything = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
  const rows: [how: string, path: string, body: unknown][] = [
    ['a custom role', `${iam}/workspaces/dev/workspaceroles`, role('dev-x', ['role-template-manage-projects'])],
    ['a custom role of a project', `${iam}/namespaces/shop/roles`, role('x', ['role-template-manage-secrets'])],
    [
      'a binding of a group',
      `${iam}/workspaces/dev/workspacerolebindings`,
      [{ roleRef: { name: 'dev-admin' }, subjects: [{ kind: 'User', name: 'clerk' }] }],
    ],
    [
      'a binding in a project',
      `${iam}/namespaces/shop/rolebindings`,
      [{ roleRef: { name: 'admin' }, subjects: [{ kind: 'User', name: 'clerk' }] }],
    ],
    ['a place in a group', `${iam}/workspaces/dev/groupbindings`, [{ userName: 'clerk', groupName: 'dev-bosses' }]],
    ['a binding through Kubernetes', `${rbac}/rolebindings`, toAdmin],
    [
      'a binding to a role of the cluster',
      `${rbac}/rolebindings`,
      { ...toAdmin, roleRef: { ...toAdmin.roleRef, kind: 'ClusterRole', name: 'edit' } },
    ],
    [
      'a role through Kubernetes',
      `${rbac}/roles`,
      { apiVersion: binding.apiVersion, kind: 'Role', metadata: { name: 'x' }, rules: everything },
    ],
    [
      'a service account with a role',
      '/api/v1/namespaces/shop/serviceaccounts',
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'x', annotations: { 'iam.kubesphere.io/role': 'admin' } },
      },
    ],
  ];
  it.each(rows)('by %s', async (_how, path, body) => {
    const answer = await clerk.call<Status>('POST', path, body);
    expect(answer.body.message).toMatch(/more than you may do/);
    expect(answer.status).toBe(403);
    if (path.startsWith('/api')) expect((await owner.call('POST', `${path}?dryRun=All`, body)).status).toBe(201);
  });

  it('by changing what is bound already', async () => {
    const own = { ...toAdmin, metadata: { name: 'own' }, roleRef: { ...toAdmin.roleRef, name: 'mine' } };
    const mine = { apiVersion: binding.apiVersion, kind: 'Role', metadata: { name: 'mine' }, rules: [] };
    expect((await clerk.call('POST', `${rbac}/roles`, mine)).status).toBe(201);
    expect((await clerk.call('POST', `${rbac}/rolebindings`, own)).status).toBe(201);
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await clerk.call('PATCH', `${rbac}/roles/mine`, { rules: everything }, merge)).status).toBe(403);
    const apply = { 'content-type': 'application/apply-patch+yaml' };
    const applied = { ...mine, rules: everything };
    expect((await clerk.call('PATCH', `${rbac}/roles/mine?fieldManager=x`, applied, apply)).status).toBe(403);
  });

  it('by naming a group when a user is made', async () => {
    const body = {
      metadata: { name: 'sly' },
      spec: { email: 'sly@example.com', password, groups: ['system:masters'] },
    };
    const keeper = await createUser('keeper');
    await admin.call('POST', `${iam}/globalroles`, role('user-keeper', ['role-template-manage-users']));
    await vi.waitFor(async () => {
      const { body: user } = await admin.call<Role>('GET', `${iam}/users/keeper`);
      user.metadata.annotations = { ...user.metadata.annotations, 'iam.kubesphere.io/globalrole': 'user-keeper' };
      expect((await admin.call('PUT', `${iam}/users/keeper`, user)).status).toBe(200);
    }, patience);
    expect((await keeper.call('POST', `${iam}/users`, body)).status).toBe(403);
    expect((await keeper.call('POST', `${iam}/users`, { ...body, spec: { ...body.spec, groups: [] } })).status).toBe(
      200,
    );
  });
});

describe('lists of users', () => {
  it('tell who is a member of a place to those only who may know', async () => {
    const inPlace = `${iam}/users?workspace=dev&workspacerole=dev-admin`;
    const listed = await owner.call<{ items: Role[]; totalItems: number }>('GET', inPlace);
    expect(listed.body.items.map(({ metadata }) => metadata.name)).toEqual(['owner']);
    expect(listed.body.items[0]?.metadata.annotations['iam.kubesphere.io/workspacerole']).toBe('dev-admin');
    expect((await jane.call('GET', inPlace)).status).toBe(403);
    expect((await jane.call('GET', `${iam}/users?limit=1`)).status).toBe(200);
    const creators = await owner.call<{ items: Role[] }>('GET', `${iam}/users?namespace=shop&role=admin`);
    expect(creators.body.items.map(({ metadata }) => metadata.name)).toEqual(['owner']);
    const cluster = await admin.call<{ items: Role[] }>('GET', `${iam}/users?cluster=true&clusterrole=cluster-admin`);
    expect(cluster.body.items.map(({ metadata }) => metadata.name)).toContain('admin');
    expect((await admin.call('GET', `${iam}/users?role=admin`)).status).toBe(400);
    expect((await admin.call('GET', `${iam}/users?sortBy=lastLoginTime&limit=1`)).status).toBe(200);
  });
});

describe('the feature’s kinds', () => {
  const rows: [plural: string, name: string][] = [
    ['globalrolebindings', 'authenticated'],
    ['workspaceroles', 'dev-admin'],
    ['workspacerolebindings', 'dev-admin'],
    ['rolebases', 'project-admin'],
  ];
  it.each(rows)('%s are served as objects', async (plural, name) => {
    const all = await admin.call<{ kind: string; items: Role[] }>('GET', `${iam}/${plural}?limit=1&page=1`);
    expect(all.status).toBe(200);
    expect(all.body.kind).toMatch(/List$/);
    expect((await admin.call<Role>('GET', `${iam}/${plural}/${name}`)).body.metadata.name).toBe(name);
    expect((await admin.call('GET', `${iam}/${plural}/none`)).status).toBe(404);
    expect((await jane.call('GET', `${iam}/${plural}`)).status).toBe(403);
  });

  it('are checked like any other write', async () => {
    const body = {
      metadata: { name: 'ghost' },
      roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: 'platform-regular' },
      subjects: [{ apiGroup: 'iam.kubesphere.io', kind: 'User', name: 'who-is-not' }],
    };
    expect((await admin.call('POST', `${iam}/globalrolebindings`, body)).status).toBe(404);
    const nowhere = { ...body, roleRef: { ...body.roleRef, name: 'none' } };
    expect((await admin.call('POST', `${iam}/globalrolebindings`, nowhere)).status).toBe(404);
    const known = { ...body, subjects: [{ ...body.subjects[0], name: 'jane' }] };
    expect((await admin.call('POST', `${iam}/globalrolebindings`, known)).status).toBe(200);
    expect((await admin.call('DELETE', `${iam}/globalrolebindings/ghost`)).status).toBe(200);
    expect((await admin.call('DELETE', `${iam}/globalrolebindings/ghost`)).status).toBe(404);
  });

  it('keep addresses of users unique also behind Kubernetes’ own API', async () => {
    const users = '/apis/iam.kubesphere.io/v1alpha2/users';
    const body = {
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'User',
      metadata: { name: 'jane2' },
      spec: { email: 'JANE@example.com' },
    };
    const answer = await admin.call('POST', users, body);
    expect(answer.status, answer.text).toBe(422);
  });
});

describe('the other way in', () => {
  it('takes a name and password as JSON, and gives a token', async () => {
    const answer = await jane.call<{ access_token?: string }>('POST', `${iam}/login`, { username: 'jane', password });
    expect(answer.status).toBe(200);
    expect(answer.body.access_token).toBeTruthy();
    expect((await jane.call('POST', `${iam}/login`, { username: 'jane', password: 'wrong' })).status).toBe(400);
    expect((await jane.call('POST', `${iam}/login`, {})).status).toBe(422);
  });
});

describe('a kubeconfig', () => {
  const of = (name: string): string => `/kapis/resources.kubesphere.io/v1alpha2/users/${name}/kubeconfig`;
  it('is for its user, who reaches with it what the platform shows them', async () => {
    const own = await jane.call('GET', of('jane'));
    expect(own.status).toBe(200);
    expect(own.text).toContain('jane@local');
    expect((await owner.call('GET', of('jane'))).status).toBe(403);
    expect((await admin.call('GET', of('jane'))).status).toBe(200);
    expect((await admin.call('GET', of('none'))).status).toBe(404);
  });
});

describe('a service account', () => {
  it('has the role that its annotation names, and the one it names later instead', async () => {
    const accounts = '/api/v1/namespaces/shop/serviceaccounts';
    const note = (role: string): object => ({ annotations: { 'iam.kubesphere.io/role': role } });
    const made = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', ...note('viewer') } };
    expect((await owner.call('POST', accounts, made)).status).toBe(201);
    const rolesOf = async (): Promise<string[]> => {
      const { body } = await owner.call<{ items: { roleRef: { name: string } }[] }>(
        'GET',
        '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings?labelSelector=iam.kubesphere.io/serviceaccount-ref%3Drobot',
      );
      return body.items.map(({ roleRef }) => roleRef.name);
    };
    await vi.waitFor(async () => expect(await rolesOf()).toEqual(['viewer']), patience);
    const merge = { 'content-type': 'application/merge-patch+json' };
    await owner.call('PATCH', `${accounts}/robot`, { metadata: note('operator') }, merge);
    await vi.waitFor(async () => expect(await rolesOf()).toEqual(['operator']), patience);
  });
});
