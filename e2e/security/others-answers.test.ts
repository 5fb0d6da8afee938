import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillPath, inertTable } from '../../apps/server/test/inert-table.ts';
import { give, makeProject, makeUser, makeWorkspace, must, password } from './world.ts';

const { routes } = inertTable();
let platform: TestPlatform;
let dev: Session;
let ops: Session;

// Each has the same things under the same names, which say whose they are.
beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
  const admin = await platform.signIn();
  for (const name of ['dev-owner', 'ops-owner']) await makeUser(admin, { name, grants: [] });
  for (const name of ['dev', 'ops']) {
    await makeWorkspace(admin, name, `${name}-owner`);
    await makeProject(admin, name, `${name}-shop`);
    const text = JSON.stringify({ metadata: { name: 'same-name' }, data: { whose: `only-${name}-may-read` } });
    await must(admin.call('POST', `/api/v1/namespaces/${name}-shop/configmaps`, text));
  }
  await give(admin, 'ops-owner', { level: 'project', place: 'ops-shop', role: 'admin' });
  dev = await platform.signIn('dev-owner', password);
  ops = await platform.signIn('ops-owner', password);
}, 120_000);
afterAll(() => platform.stop());

const values = {
  workspace: 'dev',
  namespace: 'dev-shop',
  devops: 'dev-shop',
  resources: 'configmaps',
  name: 'same-name',
  user: 'dev-owner',
  member: 'dev-owner',
  workspacemember: 'dev-owner',
};
const paths = routes
  .filter(({ method, permission }) => method === 'GET' && permission.by !== 'open')
  .map(({ path }) => fillPath(path, values));
const kube = [
  '/api',
  '/apis',
  '/apis/apps/v1',
  '/openapi/v2',
  '/openapi/v3',
  '/api/v1/namespaces/dev-shop/configmaps',
  '/api/v1/namespaces/dev-shop/configmaps/same-name',
  '/api/v1/namespaces/ops-shop/configmaps/same-name',
  '/api/v1/namespaces',
];
const accepts = [
  'application/json',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf, application/json',
];

interface Seen {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

const moving = /"(lastUsedAt|time|requestId|timestamp)":"[^"]*"/g;
// It moves with every write anywhere: as JSON, or as the first text of a protobuf list.
const versionOfList =
  /^(?=\{"kind":"(\w+List|Table)"|k8s[^]{0,40}List)[^]*?("resourceVersion":"\d+"|\u0012[\u0001-\u000c]\d+)/;

async function seen(session: Session, path: string, headers: Record<string, string> = {}): Promise<Seen> {
  const { status, text, headers: answered } = await session.call('GET', path, undefined, headers);
  return { status, text: text.replaceAll(moving, '').replace(versionOfList, ''), headers: answered };
}

describe('one user sees the same, whoever asked before', () => {
  it.each([...paths, ...kube])('%s', async (path) => {
    for (const accept of path.startsWith('/kapis') ? ['application/json'] : accepts) {
      const first = await seen(dev, path, { accept });
      const theirs = await seen(ops, path, { accept });
      const again = await seen(dev, path, { accept });
      const theirsAgain = await seen(ops, path, { accept });
      expect([again.status, theirsAgain.status]).toEqual([first.status, theirs.status]);
      if (!/sessions|kubeconfig/.test(path)) expect([again.text, theirsAgain.text]).toEqual([first.text, theirs.text]);
      expect(theirs.text).not.toContain('only-dev-may-read');
      expect(first.text).not.toContain('only-ops-may-read');
      for (const { headers } of [first, theirs])
        expect(headers.get('cache-control') ?? 'private').not.toMatch(/public|s-maxage/);
    }
  });

  it.each(kube)('an entity tag of another opens nothing: %s', async (path) => {
    const tag = (await seen(dev, path)).headers.get('etag') ?? '"unknown"';
    const plain = await seen(ops, path);
    const tagged = await seen(ops, path, { 'if-none-match': tag });
    // Not modified says that what one has is what the other sees: only where both see it.
    if (tagged.status === 304) expect(plain.headers.get('etag')).toBe(tag);
    else expect(tagged.status).toBe(plain.status);
  });

  it('asked at once, each gets their own', async () => {
    const path = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces';
    const names = ({ text }: Seen): string[] =>
      (JSON.parse(text) as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name); // cast: a list
    const all = await Promise.all(Array.from({ length: 60 }, (_, turn) => seen(turn % 2 === 0 ? dev : ops, path)));
    all.forEach((one, turn) => expect(names(one)).toEqual([turn % 2 === 0 ? 'dev' : 'ops']));
  });
});
