import { startTestPlatform, type TestPlatform } from '@kit/testing';
import type { KubeList, KubeObject } from '@kit/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
interface Status {
  reason: string;
  message: string;
}
type Page = KubeList & { totalItems: number };

const v2 = '/kapis/tenant.kubesphere.io/v1alpha2';
const v3 = '/kapis/tenant.kubesphere.io/v1alpha3';
const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const password = 'Passw0rd-of-a-test';

let platform: TestPlatform;
let admin: Session;
/** May create workspaces, and manages `acme`. */
let jane: Session;
/** May do nothing, until made a member. */
let mark: Session;

const patience = { timeout: 10_000, interval: 50 };

/** Asks until the answer has one of these statuses. */
function eventually(statuses: readonly number[], as: Session, ...request: Parameters<Session['call']>): Promise<void> {
  return vi.waitFor(async () => expect((await as.call(...request)).status).toBeOneOf([...statuses]), patience);
}

async function person(name: string, globalRole: string): Promise<Session> {
  const annotations = { 'iam.kubesphere.io/globalrole': globalRole };
  const body = { metadata: { name, annotations }, spec: { email: `${name}@example.com`, password } };
  expect(await admin.call('POST', `${iam}/users`, body)).toMatchObject({ status: 200 });
  return vi.waitFor(() => platform.signIn(name, password), patience);
}

const makeWorkspace = (as: Session, name: string): Promise<void> =>
  eventually([200, 409], as, 'POST', `${v2}/workspaces`, { metadata: { name } });

const makeProject = (as: Session, workspace: string, name: string): Promise<void> =>
  eventually([200, 409], as, 'POST', `${v2}/workspaces/${workspace}/namespaces`, { metadata: { name } });

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 1 });
  admin = await platform.signIn();
  [jane, mark] = [await person('jane', 'platform-self-provisioner'), await person('mark', 'platform-regular')];
  await makeWorkspace(jane, 'acme');
  await eventually([200], jane, 'GET', `${v2}/workspaces/acme`);
  await makeProject(jane, 'acme', 'shop');
  await eventually([200], jane, 'GET', `${v2}/workspaces/acme/namespaces/shop`);
}, 60_000);
afterAll(() => platform.stop());

const refused: readonly {
  why: string;
  as: () => Session;
  path: string;
  body: object;
  status: number;
  reason: string;
}[] = [
  {
    why: 'a name that is no DNS label',
    as: () => jane,
    path: `${v2}/workspaces`,
    body: { metadata: { name: 'Dev Team' } },
    status: 422,
    reason: 'Invalid',
  },
  {
    why: 'a manager who does not exist would give rights to whoever comes under that name',
    as: () => jane,
    path: `${v3}/workspacetemplates`,
    body: { metadata: { name: 'ghosts' }, spec: { template: { spec: { manager: 'ghost' } } } },
    status: 422,
    reason: 'Invalid',
  },
  {
    why: 'a workspace that is there already',
    as: () => jane,
    path: `${v2}/workspaces`,
    body: { metadata: { name: 'acme' } },
    status: 409,
    reason: 'AlreadyExists',
  },
  {
    why: 'a user without the right to create workspaces',
    as: () => mark,
    path: `${v2}/workspaces`,
    body: { metadata: { name: 'marks' } },
    status: 403,
    reason: 'Forbidden',
  },
  {
    why: 'a project in a workspace that does not exist',
    as: () => admin,
    path: `${v2}/workspaces/none/namespaces`,
    body: { metadata: { name: 'lost' } },
    status: 404,
    reason: 'NotFound',
  },
  {
    why: 'a namespace that exists is not adopted',
    as: () => jane,
    path: `${v2}/workspaces/acme/namespaces`,
    body: { metadata: { name: 'kube-system' } },
    status: 422,
    reason: 'Invalid',
  },
  {
    why: 'nor is one whose name would be allowed',
    as: () => jane,
    path: `${v2}/workspaces/acme/namespaces`,
    body: { metadata: { name: 'default' } },
    status: 409,
    reason: 'AlreadyExists',
  },
];

describe('creating', () => {
  it.each(refused)('refuses $why', async ({ as, path, body, status, reason }) => {
    const answer = await as().call<Status>('POST', path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.reason).toBe(reason);
  });

  it('makes of a workspace its roles and its creator the admin', async () => {
    const roles = await jane.call<Page>('GET', `${iam}/workspaces/acme/workspaceroles?sortBy=name&ascending=true`);
    expect(roles.body.items.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['acme-admin', 'acme-regular', 'acme-self-provisioner', 'acme-viewer']),
    );
    const binding = await platform.kube.json<KubeObject>({
      method: 'GET',
      path: '/apis/iam.kubesphere.io/v1alpha2/workspacerolebindings/acme-admin',
    });
    expect(binding['subjects']).toMatchObject([{ kind: 'User', name: 'jane' }]);
  });

  it('makes of a namespace a project: labels, owner, roles, its creator the admin', async () => {
    const path = '/api/v1/namespaces/shop';
    await expect
      .poll(async () => (await platform.kube.json<KubeObject>({ method: 'GET', path })).metadata)
      .toMatchObject({
        labels: { 'kubesphere.io/workspace': 'acme', 'kubesphere.io/namespace': 'shop' },
        ownerReferences: [{ kind: 'Workspace', name: 'acme', controller: true }],
      });
    await eventually([200], admin, 'GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/operator');
    await eventually([200], admin, 'GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/jane-admin');
  });
});

describe('seeing', () => {
  const foreign: readonly { path: string }[] = [
    { path: `${v2}/workspaces/acme` },
    { path: `${v3}/workspacetemplates/acme` },
    { path: `${v3}/workspaces/acme` },
    { path: `${v2}/workspaces/acme/clusters` },
    { path: `${v2}/workspaces/acme/namespaces` },
    { path: `${v2}/workspaces/acme/namespaces/shop` },
    { path: `${v2}/workspaces/acme/workspacemembers/jane/namespaces` },
    { path: '/kapis/tenant.freehold.io/v1alpha1/workspaces/acme/deletion-preview' },
    { path: '/api/v1/namespaces/shop' },
  ];
  it.each(foreign)('is forbidden to a stranger: $path', async ({ path }) => {
    const answer = await mark.call<Status>('GET', path);
    expect(answer.status).toBe(403);
    expect(answer.body.reason).toBe('Forbidden');
  });

  it.each([`${v2}/workspaces`, `${v3}/workspacetemplates`, `${v3}/workspaces`, `${v2}/namespaces`])(
    'lists nothing for a stranger, and all of theirs for members: %s',
    async (path) => {
      expect((await mark.call<Page>('GET', path)).body.totalItems).toBe(0);
      expect((await jane.call<Page>('GET', path)).body.totalItems).toBe(1);
    },
  );

  it('finds a namespace only in its own workspace', async () => {
    await makeWorkspace(admin, 'other');
    const answer = await admin.call<Status>('GET', `${v2}/workspaces/other/namespaces/shop`);
    expect(answer.status).toBe(404);
    expect((await admin.call('GET', `${v2}/workspaces/acme/namespaces/default`)).status).toBe(404);
  });

  it('begins with membership, without signing in again, and ends with it', async () => {
    const members = `${iam}/namespaces/shop/members`;
    expect((await jane.call('POST', members, [{ username: 'mark', roleRef: 'viewer' }])).status).toBe(200);
    await eventually([200], mark, 'GET', `${v2}/workspaces/acme/namespaces/shop`);
    expect((await mark.call<Page>('GET', `${v2}/namespaces`)).body.totalItems).toBe(1);
    expect((await mark.call('PATCH', `${v2}/workspaces/acme/namespaces/shop`, {})).status).toBe(403);
    expect((await jane.call('DELETE', `${members}/mark`)).status).toBe(200);
    await expect.poll(async () => (await mark.call('GET', `${v2}/workspaces/acme/namespaces/shop`)).status).toBe(403);
  });
});

describe('changing', () => {
  const owned = { 'kubesphere.io/workspace': 'other' };
  const creator = { 'kubesphere.io/creator': 'mark' };

  it('takes display names, and neither the creator nor the workspace', async () => {
    const metadata = { labels: owned, annotations: { ...creator, 'kubesphere.io/alias-name': 'Shop' } };
    const answer = await jane.call<KubeObject>('PATCH', `${v2}/workspaces/acme/namespaces/shop`, { metadata });
    expect(answer.status).toBe(200);
    expect(answer.body.metadata.labels).toMatchObject({ 'kubesphere.io/workspace': 'acme' });
    expect(answer.body.metadata.annotations).toMatchObject({
      'kubesphere.io/creator': 'jane',
      'kubesphere.io/alias-name': 'Shop',
    });
  });

  it('patches a workspace by a list of operations too, as KubeSphere has it', async () => {
    const patch = [{ op: 'add', path: '/metadata/annotations/kubesphere.io~1description', value: 'All of it' }];
    const answer = await jane.call<KubeObject>('PATCH', `${v3}/workspacetemplates/acme`, patch);
    expect(answer.status).toBe(200);
    expect(answer.body.metadata.annotations).toMatchObject({ 'kubesphere.io/description': 'All of it' });
  });

  it('moves no namespace through the API of Kubernetes without the right in both workspaces', async () => {
    const patch = { metadata: { labels: owned } };
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await jane.call<Status>('PATCH', '/api/v1/namespaces/shop', patch, headers);
    expect(answer.status).toBe(403);
    const harmless = { metadata: { annotations: { note: 'x' } } };
    expect((await jane.call('PATCH', '/api/v1/namespaces/shop', harmless, headers)).status).toBe(200);
  });

  it('gives a creator who was taken off the project nothing back', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/jane-admin';
    expect((await admin.call('DELETE', path)).status).toBe(200);
    await jane.call('PATCH', `${v2}/workspaces/acme/namespaces/shop`, { metadata: { annotations: { again: '1' } } });
    expect((await admin.call('DELETE', `${path.replace('rolebindings/jane-admin', 'roles/viewer')}`)).status).toBe(200);
    await eventually([200], admin, 'GET', `${path.replace('rolebindings/jane-admin', 'roles/viewer')}`); // the controller has run
    expect((await admin.call('GET', path)).status).toBe(404);
  });
});

describe('deleting', () => {
  it('says beforehand what goes, and takes the projects with it', async () => {
    await makeWorkspace(admin, 'short');
    await makeProject(admin, 'short', 'brief');
    const preview = await admin.call('GET', '/kapis/tenant.freehold.io/v1alpha1/workspaces/short/deletion-preview');
    expect(preview.body).toMatchObject({ workspace: 'short', projects: [{ name: 'brief' }] });
    expect((await admin.call('DELETE', `${v2}/workspaces/short`)).status).toBe(200);
    const gone = async (path: string): Promise<number> => (await admin.call('GET', path)).status;
    await expect.poll(() => gone('/api/v1/namespaces/brief'), { timeout: 15_000 }).toBe(404);
    await expect.poll(() => gone(`${v2}/workspaces/short`), { timeout: 15_000 }).toBe(404);
    await expect
      .poll(() => gone('/apis/iam.kubesphere.io/v1alpha2/workspaceroles/short-admin'), { timeout: 15_000 })
      .toBe(404);
  }, 60_000);

  it('leaves the projects standing when asked to, without a workspace', async () => {
    await makeWorkspace(admin, 'loose');
    await makeProject(admin, 'loose', 'kept');
    const owner = async (): Promise<unknown> =>
      (await admin.call<KubeObject>('GET', '/api/v1/namespaces/kept')).body.metadata.ownerReferences;
    await expect.poll(owner).toMatchObject([{ name: 'loose' }]);
    await admin.call('DELETE', `${v2}/workspaces/loose`, { propagationPolicy: 'Orphan' });
    const status = async (): Promise<number> => (await admin.call('GET', `${v2}/workspaces/loose`)).status;
    await expect.poll(status, { timeout: 15_000 }).toBe(404);
    const { body } = await admin.call<KubeObject>('GET', '/api/v1/namespaces/kept');
    expect(body.metadata.deletionTimestamp).toBeUndefined();
    expect(body.metadata.labels?.['kubesphere.io/workspace']).toBeUndefined();
    expect(body.metadata.ownerReferences ?? []).toEqual([]);
  }, 60_000);

  it('leaves nobody in it for whoever takes its name: members go first, and roles that somebody wrote by hand', async () => {
    await makeWorkspace(admin, 'again');
    const roles = `${iam}/workspaces/again/workspaceroles`;
    await eventually([200], admin, 'GET', `${roles}/again-admin`);
    const joining = [{ username: 'mark', roleRef: 'again-admin' }];
    expect((await admin.call('POST', `${iam}/workspaces/again/workspacemembers`, joining)).status).toBe(200);
    const labels = { 'kubesphere.io/workspace': 'again' };
    const written = {
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'WorkspaceRole',
      metadata: { name: 'by-hand', labels },
    };
    const path = '/apis/iam.kubesphere.io/v1alpha2/workspaceroles';
    await platform.kube.json({ method: 'POST', path, body: JSON.stringify({ ...written, rules: [] }) });
    const owner = async (): Promise<unknown> =>
      (await admin.call<KubeObject>('GET', `${path}/by-hand`)).body.metadata.ownerReferences;
    await expect.poll(owner, patience).toMatchObject([{ kind: 'WorkspaceTemplate', name: 'again', controller: true }]);
    await eventually([200], mark, 'GET', `${v2}/workspaces/again`);
    expect((await admin.call('DELETE', `${v2}/workspaces/again`)).status).toBe(200);
    await eventually([404], admin, 'GET', `${v2}/workspaces/again`);
    await makeWorkspace(admin, 'again');
    await eventually([200], admin, 'GET', `${roles}/again-admin`);
    expect((await mark.call('GET', `${v2}/workspaces/again`)).status).toBe(403);
    await eventually([404], admin, 'GET', `${path}/by-hand`);
  }, 60_000);
});

describe('the cluster asks', () => {
  it('about the address of a user whom kubectl writes: it has one owner', async () => {
    const type = { group: 'iam.kubesphere.io', version: 'v1alpha2', kind: 'User', plural: 'users', namespaced: false };
    const user = (name: string, email: string) => ({
      apiVersion: 'iam.kubesphere.io/v1alpha2',
      kind: 'User',
      metadata: { name },
      spec: { email },
    });
    await expect(platform.kube.create(type, user('twin', 'JANE@example.com'))).rejects.toThrow('e-mail address');
    await platform.kube.create(type, user('other-twin', 'twin@example.com'));
    const patch = { spec: { email: 'jane@example.com' } };
    await expect(platform.kube.patch(type, { name: 'other-twin' }, patch, { type: 'merge' })).rejects.toThrow('e-mail');
    await platform.kube.delete(type, { name: 'other-twin' });
  });
});
