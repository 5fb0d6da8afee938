import { defined, kindObjects, listCases, platformCases } from './list-cases.ts';
import { startTestPlatform, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listedKinds } from '../server/lists/listed-kinds.ts';

type Session = Awaited<ReturnType<TestPlatform['signIn']>>;
interface Page {
  items: { metadata: { name: string; annotations?: Record<string, string> } }[];
  totalItems: number;
}
interface Status {
  reason: string;
  message: string;
}

const resources = '/kapis/resources.kubesphere.io/v1alpha3';
const patience = { timeout: 20_000, interval: 50 };
let platform: TestPlatform;
let admin: Session;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 2 });
  admin = await platform.signIn();
  for (const { path, object, status } of kindObjects) {
    await vi.waitFor(async () => {
      const { status: code, text } = await admin.call('POST', path, object);
      expect(code, text).toBeOneOf([200, 201, 409]);
    }, patience);
    if (!status) continue;
    const at = `${path}/${object.metadata.name}/status`;
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await admin.call('PATCH', at, { status }, headers)).status).toBe(200);
  }
}, 60_000);
afterAll(() => platform.stop());

const namesAt = async (path: string): Promise<string[]> => {
  const { body, status, text } = await admin.call<Page>('GET', `${resources}${path}`);
  expect(status, text).toBe(200);
  return body.items.map(({ metadata }) => metadata.name);
};

describe('lists of every kind', () => {
  it('knows the 53 kinds of KubeSphere 3.4, and those its older API had', () => {
    expect(defined.filter((plural) => !listedKinds.has(plural))).toEqual([]);
    expect(defined).toHaveLength(53 + 6);
  });

  it.each(defined)('lists %s, of which there may be none', async (plural) => {
    const { status, body, text } = await admin.call<Page>('GET', `${resources}/${plural}?limit=1`);
    expect(status, text).toBe(200);
    expect(body.totalItems).toBeGreaterThanOrEqual(body.items.length);
    const { body: refused } = await admin.call<Status>('GET', `${resources}/${plural}?nonsense=1`);
    const isServed = refused.reason === 'BadRequest';
    expect(isServed || body.totalItems === 0).toBe(true);
    if (isServed) expect(refused.message).toContain('labelSelector');
  });

  it.each(listCases)('$path: $why', async ({ path, names }) => {
    await vi.waitFor(async () => expect(await namesAt(path)).toEqual(names), patience);
  });

  it.each(platformCases)('$path: $why', async ({ path, includes, excludes = [] }) => {
    await vi.waitFor(async () => {
      const names = await namesAt(path);
      expect(names).toEqual(expect.arrayContaining([...includes]));
      expect(names.filter((name) => excludes.includes(name))).toEqual([]);
    }, patience);
  });

  it('says of nodes what their pods ask for, and of claims whether a pod mounts them', async () => {
    await vi.waitFor(async () => {
      const { body } = await admin.call<Page>('GET', `${resources}/nodes`);
      const asked = body.items.map(({ metadata }) => metadata.annotations?.['node.kubesphere.io/cpu-requests']);
      expect(asked).toContain('250m');
      expect(body.items[0]?.metadata.annotations?.['node.kubesphere.io/cpu-requests-fraction']).toMatch(/^\d+%$/);
    }, patience);
    const { body } = await admin.call<Page>(
      'GET',
      `${resources}/namespaces/lists/persistentvolumeclaims?sortBy=name&ascending=true`,
    );
    expect(body.items.map(({ metadata }) => metadata.annotations?.['kubesphere.io/in-use'])).toEqual(['false', 'true']);
    expect(body.items.map(({ metadata }) => metadata.annotations?.['kubesphere.io/allow-snapshot'])).toEqual([
      'false',
      'true',
    ]);
  });

  it('finds a kind by its group too, never shows by that name what it hides by the other, and forgets a kind that goes', async () => {
    expect(await namesAt('/namespaces/lists/lamps.kinds.test')).toEqual(['small', 'large']);
    expect(await namesAt('/users.iam.kubesphere.io?name=admin')).toEqual(['admin']);
    const { text } = await admin.call('GET', `${resources}/users.iam.kubesphere.io`);
    expect(text).not.toMatch(/argon2|"password"/);
    const { status, body } = await admin.call<Status>('GET', `${resources}/users.other.group`);
    expect([status, body.reason]).toEqual([404, 'NotFound']);
    await admin.call('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/lamps.kinds.test');
    await vi.waitFor(async () => expect((await admin.call('GET', `${resources}/lamps`)).status).toBe(404), patience);
  });
});
