import type { KubeObject } from '@kit/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, iam, openStage, own, v2, type Session, type Stage } from './people.ts';

const access = '/kapis/iam.freehold.io/v1alpha1';
const requests = `${access}/accessrequests`;

interface List {
  items: (KubeObject & { kind: string; status?: { phase: string } })[];
  totalItems: number;
}
interface Explanation {
  allowed: boolean;
  reason: string;
  binding?: string;
  remedies: { role: string; workspace?: string; namespace?: string; mayGrant: string[] }[];
}

let stage: Stage;
let admin: Session;
let jane: Session;
let mark: Session;
let rose: Session;

beforeAll(async () => {
  stage = await openStage(0);
  admin = stage.admin;
  [jane, mark, rose] = [await stage.person('jane'), await stage.person('mark'), await stage.person('rose')];
  await stage.workspace('acme', 'jane');
  await stage.workspace('zeta', 'rose');
  await stage.project('acme', 'shop');
  await stage.member(`${iam}/workspaces/acme/workspacemembers`, 'mark', 'acme-regular');
}, 180_000);
afterAll(() => stage.platform.stop());

const why = (as: Session, query: string) => as.call<Explanation>('GET', `${access}/access-explanations?${query}`);

describe('explaining', () => {
  const pods = 'verb=list&resource=pods&namespace=shop';

  it('names the binding and the role that allow', async () => {
    const { body } = await why(jane, pods);
    expect(body).toMatchObject({ allowed: true, binding: 'WorkspaceRoleBinding acme-admin', role: 'acme-admin' });
  });

  it('names the roles that would allow, narrowest place first, and who gives them', async () => {
    const { body } = await why(mark, pods);
    expect(body.allowed).toBe(false);
    const roles = body.remedies.map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['viewer', 'operator', 'admin', 'acme-viewer', 'acme-admin']));
    expect(roles.indexOf('viewer')).toBeLessThan(roles.indexOf('acme-viewer'));
    expect(body.remedies.find(({ role }) => role === 'acme-viewer')?.mayGrant).toEqual(['jane']);
  });

  it('tells a stranger no names, and nothing about others', async () => {
    const { body } = await why(rose, pods);
    expect(body.remedies.flatMap(({ mayGrant }) => mayGrant)).toEqual([]);
    expect((await why(rose, `${pods}&user=mark`)).status).toBe(403);
    expect((await why(jane, `${pods}&user=mark`)).body.allowed).toBe(false);
    expect((await why(admin, `${pods}&user=nobody`)).status).toBe(404);
    expect((await why(admin, 'verb=list')).status).toBe(422);
  });
});

describe('asking for a role', () => {
  const ask = (as: Session, body: object) => as.call<KubeObject>('POST', requests, body);
  const decision = (as: Session, name: string, body: object) =>
    as.call<{ message: string; status: unknown }>('POST', `${requests}/${name}/decision`, body);

  it('is refused where the place or role is not there, or both places are named', async () => {
    expect((await ask(mark, { workspace: 'none', role: 'none-viewer' })).status).toBe(404);
    expect((await ask(mark, { workspace: 'acme', role: 'zeta-viewer' })).status).toBe(404);
    expect((await ask(mark, { workspace: 'acme', namespace: 'shop', role: 'viewer' })).status).toBe(422);
    expect((await ask(mark, { namespace: 'shop', role: 'viewer', user: 'jane' })).status).toBe(422);
  });

  it('becomes the role when a manager of the place approves, with notice to both', async () => {
    const made = await ask(mark, { namespace: 'shop', role: 'viewer', reason: 'to look after the shop' });
    expect(made.status).toBe(200);
    const { name } = made.body.metadata;
    expect((await ask(mark, { namespace: 'shop', role: 'viewer' })).status).toBe(409);
    await expect
      .poll(async () => (await jane.call<List>('GET', `${access}/notices`)).body.items)
      .toMatchObject([{ kind: 'toDecide' }]);
    expect((await rose.call<List>('GET', requests)).body.totalItems).toBe(0);
    expect((await decision(rose, name, { approve: true })).status).toBe(404);
    expect((await decision(mark, name, { approve: true })).status).toBe(403);
    expect((await decision(jane, name, { approve: true, comment: 'welcome' })).status).toBe(200);
    expect((await decision(jane, name, { approve: false })).status).toBe(409);
    await eventually([200], mark, 'GET', '/api/v1/namespaces/shop/pods');
    await expect
      .poll(async () => (await mark.call<List>('GET', `${access}/notices`)).body.items)
      .toMatchObject([{ kind: 'approved', request: { status: { decidedBy: 'jane', comment: 'welcome' } } }]);
    expect((await mark.call('POST', `${requests}/${name}/seen`)).status).toBe(200);
    await expect.poll(async () => (await mark.call<List>('GET', `${access}/notices`)).body.totalItems).toBe(0);
  });

  it('ends when it was given for a time', async () => {
    const made = await ask(mark, { workspace: 'acme', role: 'acme-viewer', hours: 1 });
    const { name } = made.body.metadata;
    expect((await decision(jane, name, { approve: true })).status).toBe(200);
    const binding = `/apis/iam.kubesphere.io/v1alpha2/workspacerolebindings/request-${name}`;
    await eventually([200], admin, 'GET', binding);
    const object = `/apis/iam.freehold.io/v1alpha1/accessrequests/${name}`;
    const over = { status: { expiresAt: '2020-01-01T00:00:00Z' } };
    const headers = { 'content-type': 'application/merge-patch+json' };
    await expect.poll(async () => (await admin.call('PATCH', `${object}/status`, over, headers)).status).toBe(200);
    await eventually([404], admin, 'GET', binding);
    await expect
      .poll(async () => (await mark.call<KubeObject>('GET', `${requests}/${name}`)).body['status'])
      .toMatchObject({ phase: 'Expired' });
  });

  it('can be denied with a reason, and taken back only before', async () => {
    const first = (await ask(mark, { workspace: 'acme', role: 'acme-admin' })).body.metadata.name;
    expect((await decision(jane, first, { approve: false, comment: 'not yet' })).status).toBe(200);
    expect((await mark.call('DELETE', `${requests}/${first}`)).status).toBe(409);
    const second = (await ask(mark, { workspace: 'acme', role: 'acme-self-provisioner' })).body.metadata.name;
    expect((await jane.call('DELETE', `${requests}/${second}`)).status).toBe(403);
    expect((await mark.call('DELETE', `${requests}/${second}`)).status).toBe(200);
    expect((await mark.call('GET', `${requests}/${second}`)).status).toBe(404);
  });
});

describe('moving a project', () => {
  const move = (as: Session, body: object) =>
    as.call<{ keeps: string[]; drops: { subjects: string[] }[] }>(
      'POST',
      `${own}/workspaces/acme/namespaces/shop/transfer`,
      body,
    );

  it('needs the right in both workspaces', async () => {
    expect((await move(jane, { workspace: 'zeta' })).status).toBe(403);
    expect((await move(rose, { workspace: 'zeta' })).status).toBe(403);
    expect((await move(admin, { workspace: 'none' })).status).toBe(404);
    expect((await move(admin, { workspace: 'acme' })).status).toBe(409);
  });

  it('says beforehand who loses access, and writes nothing', async () => {
    const { status, body } = await move(admin, { workspace: 'zeta', dryRun: true });
    expect(status).toBe(200);
    expect(body.drops.flatMap(({ subjects }) => subjects)).toContain('mark');
    expect((await mark.call('GET', '/api/v1/namespaces/shop/pods')).status).toBe(200);
  });

  it('is refused where the target has no room', async () => {
    const quota = (pods: string) => ({
      metadata: { name: 'zeta' },
      spec: { quota: { hard: { 'count/roles.rbac.authorization.k8s.io': pods } } },
    });
    expect((await admin.call('POST', `${v2}/workspaces/zeta/resourcequotas`, quota('1'))).status).toBe(200);
    await expect.poll(async () => (await move(admin, { workspace: 'zeta', dryRun: true })).status).toBe(403);
    expect((await admin.call('DELETE', `${v2}/workspaces/zeta/resourcequotas/zeta`)).status).toBe(200);
    await expect.poll(async () => (await move(admin, { workspace: 'zeta', dryRun: true })).status).toBe(200);
  });

  it('takes the old members out and lets the new ones in', async () => {
    expect((await move(admin, { workspace: 'zeta' })).status).toBe(200);
    await eventually([200], rose, 'GET', `${v2}/workspaces/zeta/namespaces/shop`);
    await eventually([403], mark, 'GET', '/api/v1/namespaces/shop/pods');
    await eventually([403], jane, 'GET', '/api/v1/namespaces/shop/pods');
    const { body } = await admin.call<KubeObject>('GET', '/api/v1/namespaces/shop');
    expect(body.metadata.annotations?.['tenant.freehold.io/transfers']).toContain('"by":"admin"');
    await expect
      .poll(async () => (await admin.call<KubeObject>('GET', '/api/v1/namespaces/shop')).body.metadata.ownerReferences)
      .toMatchObject([{ kind: 'Workspace', name: 'zeta' }]);
  });
});

describe('the other lists of the tenant API', () => {
  const rows: readonly [path: string, total: number][] = [
    ['clusters', 1],
    ['federatednamespaces', 0],
    ['workspaces/zeta/federatednamespaces', 0],
    ['workspaces/zeta/devops', 0],
    ['workspaces/zeta/workspacemembers/rose/devops', 0],
  ];
  it.each(rows)('%s has %i', async (path, total) => {
    const answer = await rose.call<List>('GET', `${v2}/${path}`);
    expect(answer.status).toBe(200);
    expect(answer.body.totalItems).toBe(total);
  });

  it('counts what a project uses', async () => {
    const { body } = await admin.call<{ namespace: string; data: { used: Record<string, string> } }>(
      'GET',
      '/kapis/resources.kubesphere.io/v1alpha2/namespaces/shop/quotas',
    );
    expect(body).toMatchObject({
      namespace: 'shop',
      data: { used: { 'count/pods': '0', 'count/deployments.apps': '0' } },
    });
  });

  it('says what goes with a project, deletes nothing in a dry run, and never the system workspace', async () => {
    const preview = `${own}/workspaces/zeta/namespaces/shop/deletion-preview`;
    expect((await rose.call('GET', preview)).body).toMatchObject({ project: 'shop' });
    expect((await mark.call('GET', preview)).status).toBe(403);
    expect((await rose.call('DELETE', `${v2}/workspaces/zeta/namespaces/shop?dryRun=All`)).status).toBe(200);
    expect((await rose.call('GET', `${v2}/workspaces/zeta/namespaces/shop`)).status).toBe(200);
    expect((await admin.call('DELETE', `${v2}/workspaces/system-workspace`)).status).toBe(403);
  });
});
