import { iamTypes } from '@feature/iam/contract';
import type { UserObject } from '@feature/iam/contract';
import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const tenant = '/kapis/tenant.kubesphere.io';
const password = 'Str0ngPass';
const patience = { timeout: 15_000, interval: 20 };

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
interface UserBody {
  metadata: {
    name: string;
    resourceVersion: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  spec: { email: string; displayName?: string; password?: string; groups?: string[] };
  status?: { state?: string };
}

let platform: TestPlatform;
let admin: Session;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  admin = await platform.signIn();
  await createUser('owner');
  await admin.call('POST', `${tenant}/v1alpha3/workspacetemplates`, {
    metadata: { name: 'dev' },
    spec: { template: { spec: { manager: 'owner' } } },
  });
  await vi.waitFor(
    async () => expect((await admin.call('GET', `${iam}/workspaces/dev/workspacemembers/owner`)).status).toBe(200),
    patience,
  );
  await admin.call('POST', `${tenant}/v1alpha2/workspaces/dev/namespaces`, { metadata: { name: 'shop' } });
  await vi.waitFor(
    async () => expect((await admin.call('GET', `${iam}/namespaces/shop/roles/viewer`)).status).toBe(200),
    patience,
  );
}, 60_000);
afterAll(() => platform.stop());

async function createUser(name: string, role?: string): Promise<void> {
  const annotations = role === undefined ? {} : { annotations: { 'iam.kubesphere.io/globalrole': role } };
  const body = { metadata: { name, ...annotations }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
}

/** Reads, edits, writes; again when the user changed in between, as when a sign-in was noted on them. */
function change(session: Session, name: string, edit: (user: UserBody) => void): Promise<number> {
  return vi.waitFor(async () => {
    const { body } = await admin.call<UserBody>('GET', `${iam}/users/${name}`);
    edit(body);
    const { status } = await session.call('PUT', `${iam}/users/${name}`, body);
    expect(status).not.toBe(409);
    return status;
  }, patience);
}

const members = `${iam}/workspaces/dev/workspacemembers`;
const projects = `${tenant}/v1alpha2/workspaces/dev/namespaces`;

describe('a right', () => {
  it('comes and goes without signing in again', async () => {
    await createUser('jane');
    const jane = await platform.signIn('jane', password);
    expect((await jane.call('GET', projects)).status).toBe(403);
    expect((await admin.call('POST', members, [{ username: 'jane', roleRef: 'dev-viewer' }])).status).toBe(200);
    expect((await jane.call('GET', projects)).status).toBe(200);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(200);
    expect((await admin.call('DELETE', `${members}/jane`)).status).toBe(200);
    expect((await jane.call('GET', projects)).status).toBe(403);
    expect((await jane.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(403);
  });

  it('is one role at a time', async () => {
    await createUser('kim');
    await admin.call('POST', members, [{ username: 'kim', roleRef: 'dev-viewer' }]);
    expect((await admin.call('PUT', `${members}/kim`, { username: 'kim', roleRef: 'dev-regular' })).status).toBe(200);
    const { body } = await admin.call<UserBody>('GET', `${members}/kim`);
    expect(body.metadata.annotations?.['iam.kubesphere.io/workspacerole']).toBe('dev-regular');
    expect(
      (await (await platform.signIn('kim', password)).call('GET', '/api/v1/namespaces/shop/configmaps')).status,
    ).toBe(403);
  });

  it('says what it is and why', async () => {
    const owner = await platform.signIn('owner', password);
    const items = [
      { verb: 'create', group: 'apps', resource: 'deployments', namespace: 'shop' },
      { verb: 'list', group: '', resource: 'secrets', namespace: 'kube-system' },
    ];
    const { body } = await owner.call<{ items: { allowed: boolean; reason: string }[] }>(
      'POST',
      '/kapis/iam.freehold.io/v1alpha1/accessreviews',
      { items },
    );
    expect(body.items.map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(body.items[0]?.reason).toContain('dev-admin');
    expect(body.items[1]?.reason).toContain('kube-system');
  });
});

describe('a member', () => {
  const rows: [why: string, username: string, roleRef: string, status: number][] = [
    ['exists', 'nobody-at-all', 'dev-viewer', 404],
    ['gets a role that exists', 'owner', 'dev-nope', 404],
    ['gets a role of this workspace', 'owner', 'role-template-view-basic', 404],
  ];
  it.each(rows)('%s', async (_why, ...[username, roleRef, status]) => {
    expect((await admin.call('POST', members, [{ username, roleRef }])).status).toBe(status);
  });

  it('is checked with all others before any is written', async () => {
    await createUser('first');
    const both = [
      { username: 'first', roleRef: 'dev-viewer' },
      { username: 'nobody-at-all', roleRef: 'dev-viewer' },
    ];
    expect((await admin.call('POST', members, both)).status).toBe(404);
    expect((await admin.call('GET', `${members}/first`)).status).toBe(404);
  });
});

describe('an open stream', () => {
  it('ends when the right to it is taken', async () => {
    await createUser('watcher');
    await admin.call('POST', `${iam}/namespaces/shop/members`, [{ username: 'watcher', roleRef: 'viewer' }]);
    const watcher = await platform.signIn('watcher', password);
    const response = await fetch(`${platform.url}/api/v1/namespaces/shop/configmaps?watch=true`, {
      headers: { authorization: `Bearer ${watcher.token}` },
    });
    expect(response.status).toBe(200);
    await admin.call('DELETE', `${iam}/namespaces/shop/members/watcher`);
    const end = await Promise.race([
      drain(response),
      new Promise((resolve) => setTimeout(resolve, 15_000, 'open').unref()),
    ]);
    expect(end).toBe('closed');
  }, 30_000);
});

async function drain(response: Response): Promise<'closed'> {
  await response.text().catch(() => undefined); // cut or ended: either way it is over
  return 'closed';
}

describe('a session', () => {
  it('ends when its user is disabled, and does not come back', async () => {
    await createUser('paul');
    const paul = await platform.signIn('paul', password);
    expect(await change(admin, 'paul', (user) => void (user.status = { state: 'Disabled' }))).toBe(200);
    expect((await paul.call('GET', `${iam}/users/paul`)).status).toBe(401);
    await expect(platform.signIn('paul', password)).rejects.toThrow(/not active/);
    expect(await change(admin, 'paul', (user) => void (user.status = { state: 'Active' }))).toBe(200);
    expect((await paul.call('GET', `${iam}/users/paul`)).status).toBe(401);
    expect((await platform.signIn('paul', password)).token).toBeTruthy();
  });

  it('ends with a changed password, but for the one that changed it', async () => {
    await createUser('rita');
    const [here, there] = [await platform.signIn('rita', password), await platform.signIn('rita', password)];
    expect(
      (await here.call('PUT', `${iam}/users/rita/password`, { currentPassword: 'Wr0ngPass', password: 'An0therPass' }))
        .status,
    ).toBe(400);
    expect(
      (await here.call('PUT', `${iam}/users/rita/password`, { currentPassword: password, password: 'weak' })).status,
    ).toBe(422);
    expect(
      (await here.call('PUT', `${iam}/users/rita/password`, { currentPassword: password, password: 'An0therPass' }))
        .status,
    ).toBe(200);
    expect((await here.call('GET', `${iam}/users/rita`)).status).toBe(200);
    expect((await there.call('GET', `${iam}/users/rita`)).status).toBe(401);
    expect((await admin.call('PUT', `${iam}/users/rita/password`, { password: 'ByAdm1nPass' })).status).toBe(200);
    await vi.waitFor(async () => expect((await here.call('GET', `${iam}/users/rita`)).status).toBe(401), patience);
  });

  it('and every right end with the account, for whoever has the name next too', async () => {
    await createUser('zoe', 'platform-self-provisioner');
    await admin.call('POST', members, [{ username: 'zoe', roleRef: 'dev-admin' }]);
    await admin.call('POST', `${iam}/namespaces/shop/members`, [{ username: 'zoe', roleRef: 'admin' }]);
    const zoe = await platform.signIn('zoe', password);
    expect((await admin.call('DELETE', `${iam}/users/zoe`)).status).toBe(200);
    await vi.waitFor(async () => expect((await admin.call('GET', `${iam}/users/zoe`)).status).toBe(404), patience);
    expect((await zoe.call('GET', `${iam}/users/zoe`)).status).toBe(401);
    await createUser('zoe');
    expect((await zoe.call('GET', `${iam}/users/zoe`)).status).toBe(401);
    const next = await platform.signIn('zoe', password);
    expect((await next.call('GET', projects)).status).toBe(403);
    expect((await next.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(403);
  }, 30_000);
});

describe('nobody makes themselves more', () => {
  it('by their own account', async () => {
    await createUser('eve');
    const eve = await platform.signIn('eve', password);
    const asEve = (edit: (user: UserBody) => void): Promise<number> => change(eve, 'eve', edit);
    expect(
      await asEve((user) => void (user.metadata.annotations = { 'iam.kubesphere.io/globalrole': 'platform-admin' })),
    ).toBe(403);
    expect(await asEve((user) => void (user.spec.groups = ['system:masters']))).toBe(200);
    expect(await asEve((user) => void (user.spec.displayName = 'Eve'))).toBe(200);
    const { body } = await eve.call<UserBody>('GET', `${iam}/users/eve`);
    expect(body.spec).toEqual({ email: 'eve@example.com', displayName: 'Eve' });
    const own = { currentPassword: password, password: 'Chosen-2026' };
    expect((await eve.call('PUT', `${iam}/users/eve/password`, own)).status).toBe(200);
    const first = { spec: { password: 'An0therPass' } };
    expect((await eve.call('PATCH', '/apis/iam.kubesphere.io/v1alpha2/users/eve', first)).status).toBe(403);
    expect((await eve.call('PATCH', '/apis/iam.kubesphere.io/v1alpha2/users/admin', first)).status).toBe(403);
  });

  it('by managing users', async () => {
    await platform.kube.create(iamTypes.globalRoles, {
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'GlobalRole',
      metadata: { name: 'user-manager' },
      rules: [{ apiGroups: ['*'], resources: ['users', 'users/*'], verbs: ['*'] }],
    });
    await createUser('mona', 'user-manager');
    await createUser('plain');
    const mona = await platform.signIn('mona', password);
    expect((await mona.call('PUT', `${iam}/users/plain/password`, { password: 'An0therPass' })).status).toBe(200);
    expect((await mona.call('PUT', `${iam}/users/admin/password`, { password: 'An0therPass' })).status).toBe(403);
    expect((await mona.call('DELETE', `${iam}/users/admin`)).status).toBe(403);
    expect(await change(mona, 'admin', (user) => void (user.status = { state: 'Disabled' }))).toBe(403);
    expect(
      await change(
        mona,
        'plain',
        (user) => void (user.metadata.annotations = { 'iam.kubesphere.io/globalrole': 'platform-admin' }),
      ),
    ).toBe(403);
    const friend = {
      metadata: { name: 'friend', annotations: { 'iam.kubesphere.io/globalrole': 'platform-admin' } },
      spec: { email: 'f@example.com', password },
    };
    expect((await mona.call('POST', `${iam}/users`, friend)).status).toBe(403);
    expect((await mona.call('GET', '/apis/iam.kubesphere.io/v1alpha2/users')).status).toBe(403);
  });

  it('by managing members', async () => {
    await platform.kube.create(iamTypes.workspaceRoles, {
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'WorkspaceRole',
      metadata: { name: 'dev-inviter', labels: { 'kubesphere.io/workspace': 'dev' } },
      rules: [
        { apiGroups: ['*'], resources: ['workspacemembers'], verbs: ['*'] },
        { apiGroups: ['*'], resources: ['workspaces', 'workspacemembers'], verbs: ['get', 'list', 'watch'] },
        {
          apiGroups: ['monitoring.kubesphere.io', 'metering.kubesphere.io', 'monitoring.coreos.com'],
          resources: ['namespaces'],
          verbs: ['list'],
        },
      ],
    });
    await createUser('ines');
    await createUser('newcomer');
    await vi.waitFor(
      async () =>
        expect((await admin.call('POST', members, [{ username: 'ines', roleRef: 'dev-inviter' }])).status).toBe(200),
      patience,
    );
    const ines = await platform.signIn('ines', password);
    expect((await ines.call('POST', members, [{ username: 'newcomer', roleRef: 'dev-regular' }])).status).toBe(200);
    expect((await ines.call('POST', members, [{ username: 'newcomer', roleRef: 'dev-admin' }])).status).toBe(403);
    expect((await ines.call('PUT', `${members}/ines`, { username: 'ines', roleRef: 'dev-admin' })).status).toBe(403);
    expect((await ines.call('DELETE', `${members}/owner`)).status).toBe(403);
  });
});

it('takes in a user that was made by kubectl', async () => {
  const annotations = { 'iam.kubesphere.io/globalrole': 'platform-self-provisioner' };
  await platform.kube.create(iamTypes.users, {
    apiVersion: 'iam.kubesphere.io/v1alpha2',
    kind: 'User',
    metadata: { name: 'carl', annotations },
    spec: { email: 'carl@example.com', password },
  });
  const carl = await vi.waitFor(() => platform.signIn('carl', password), patience);
  const stored = await platform.kube.get<UserObject>(iamTypes.users, { name: 'carl' });
  expect(stored.spec.password).toMatch(/^\$argon2id\$/);
  await vi.waitFor(async () => {
    const { body } = await carl.call<UserBody>('GET', `${iam}/users/carl`);
    expect(body.metadata.annotations?.['iam.kubesphere.io/globalrole']).toBe('platform-self-provisioner');
  }, patience);
  expect(
    (
      await carl.call('POST', `${tenant}/v1alpha3/workspacetemplates`, {
        metadata: { name: 'carls' },
        spec: { template: { spec: { manager: 'carl' } } },
      })
    ).status,
  ).toBe(200);
});
