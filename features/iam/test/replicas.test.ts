import { startTestPlatform } from '@kit/testing';
import type { Session, TestPlatform } from '@kit/testing';
import { startTestCluster } from '@kit/testing/cluster';
import type { TestCluster } from '@kit/testing/cluster';
import { findProgram } from '@kit/testing/programs';
import { startRedis } from '@kit/testing/redis';
import type { TestRedis } from '@kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { iamTypes } from '../contract/index.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const account = '/kapis/iam.freehold.io/v1alpha1/account';
const password = 'Str0ngPass';
/** What a revocation may take until it holds everywhere. */
const aSecond = { timeout: 1000, interval: 20 };
const patience = { timeout: 15_000, interval: 50 };

describe.skipIf(!findProgram('redis-server'))('two servers on one cluster and one Redis', () => {
  let cluster: TestCluster;
  let redis: TestRedis;
  let one: TestPlatform;
  let two: TestPlatform;
  let admin: Session;
  let people = 0;

  beforeAll(async () => {
    [cluster, redis] = await Promise.all([startTestCluster({ nodes: 0 }), startRedis()]);
    const options = { kubeconfig: cluster.kubeconfigFile, redis: redis.url, recheckMs: 3_600_000 };
    one = await startTestPlatform(options);
    two = await startTestPlatform(options);
    admin = await one.signIn();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([one, two].map((platform) => platform?.stop()));
    await Promise.all([cluster?.stop(), redis?.stop()]);
  });

  async function person(): Promise<{ name: string; session: Session }> {
    const name = `user-${(people += 1)}`;
    const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
    expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
    return { name, session: await one.signIn(name, password) };
  }

  /** Of a request for the caller's own account, at one server. */
  async function statusAt(platform: TestPlatform, name: string, token: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${platform.url}${iam}/users/${name}`, { headers })).status;
  }

  const everywhere = async (name: string, token: string): Promise<number[]> =>
    Promise.all([one, two].map((platform) => statusAt(platform, name, token)));

  async function oauth(
    platform: TestPlatform,
    form: Record<string, string>,
  ): Promise<{ status: number; text: string }> {
    const body = new URLSearchParams({ client_id: 'kubesphere', ...form });
    const answer = await fetch(`${platform.url}/oauth/token`, { method: 'POST', body });
    return { status: answer.status, text: await answer.text() };
  }

  const byPassword = (platform: TestPlatform, username: string, secret: string): ReturnType<typeof oauth> =>
    oauth(platform, { grant_type: 'password', username, password: secret });

  it('takes on each what the other has given', async () => {
    const { name, session } = await person();
    expect(await everywhere(name, session.token)).toEqual([200, 200]);
    const there = await two.signIn(name, password);
    expect(await everywhere(name, there.token)).toEqual([200, 200]);
  });

  type Loss = (who: { readonly name: string; readonly session: Session }) => Promise<unknown>;
  const losses: [why: string, lose: Loss][] = [
    ['its user signs out', ({ session }) => session.call('GET', '/oauth/logout')],
    [
      'they sign out everywhere else, at the other server',
      async ({ name }) => (await two.signIn(name, password)).call('DELETE', `${account}/sessions`),
    ],
    [
      'an administrator sets their password',
      ({ name }) => admin.call('PUT', `${iam}/users/${name}/password`, { password: 'An0therPass' }),
    ],
    [
      'they change their password in another session',
      async ({ name }) => {
        const other = await two.signIn(name, password);
        const change = { currentPassword: password, password: 'An0therPass' };
        expect((await other.call('PUT', `${iam}/users/${name}/password`, change)).status).toBe(200);
        await expect.poll(() => everywhere(name, other.token), aSecond).toEqual([200, 200]);
      },
    ],
    [
      'they are disabled behind both servers',
      ({ name }) => one.kube.patch(iamTypes.users, { name }, { status: { state: 'Disabled' } }, { type: 'merge' }),
    ],
    ['they are deleted', ({ name }) => admin.call('DELETE', `${iam}/users/${name}`)],
  ];
  it.each(losses)('holds a token dead on both within a second when %s', async (_why, lose) => {
    const who = await person();
    expect(await everywhere(who.name, who.session.token)).toEqual([200, 200]);
    await lose(who);
    await expect.poll(() => everywhere(who.name, who.session.token), aSecond).toEqual([401, 401]);
  });

  it('closes what is open on one when the session ends on the other', async () => {
    const headers = { authorization: `Bearer ${(await two.signIn('admin', one.password)).token}` };
    const stream = await fetch(`${two.url}/api/v1/namespaces?watch=true`, { headers });
    const ended = stream.text().then(
      () => true,
      () => true,
    );
    expect((await fetch(`${one.url}/oauth/logout`, { headers })).status).toBe(200);
    expect(await ended).toBe(true);
  });

  it('renews on one what was given on the other, but not what has ended', async () => {
    const { name } = await person();
    const given = JSON.parse((await byPassword(one, name, password)).text) as Record<string, string>;
    const refresh = (): ReturnType<typeof oauth> =>
      oauth(two, { grant_type: 'refresh_token', refresh_token: given['refresh_token'] ?? '' });
    expect((await refresh()).status).toBe(200);
    await fetch(`${one.url}/oauth/logout`, { headers: { authorization: `Bearer ${given['access_token']}` } });
    expect((await refresh()).status).toBe(400);
  });

  it('counts failures on both together, and locks the account for both', async () => {
    const { name } = await person();
    for (let n = 0; n < 10; n += 1) await byPassword(n % 2 ? one : two, name, 'Wr0ngPass');
    expect((await byPassword(one, name, password)).status).toBe(429);
    expect((await byPassword(two, name, password)).status).toBe(429);
  });

  it('refuses to sign anybody in while the Redis is away, goes on with what it knows, and comes back by itself', async () => {
    const { name, session } = await person();
    const { session: unknownToTwo, name: other } = await person();
    expect(await everywhere(name, session.token)).toEqual([200, 200]);
    await redis.kill();
    await vi.waitFor(async () => expect((await byPassword(one, name, password)).status).toBe(503), patience);
    expect((await byPassword(two, name, password)).text).toMatch(/cannot be reached now; try again/);
    expect(await everywhere(name, session.token)).toEqual([200, 200]);
    expect(await statusAt(two, other, unknownToTwo.token)).toBe(503);
    // Kubernetes is not away: what it says of a user holds.
    await one.kube.patch(iamTypes.users, { name }, { status: { state: 'Disabled' } }, { type: 'merge' });
    await expect.poll(() => everywhere(name, session.token), patience).toEqual([503, 503]);
    await redis.startAgain();
    await vi.waitFor(async () => expect((await byPassword(one, other, password)).status).toBe(200), patience);
    await vi.waitFor(async () => expect((await byPassword(two, other, password)).status).toBe(200), patience);
    expect(await everywhere(name, session.token)).toEqual([401, 401]);
  });

  it('does not bring back what ended while the Redis could not be told', async () => {
    admin = await one.signIn(); // the Redis came back empty, and with it went the session
    const { name, session } = await person();
    expect(await everywhere(name, session.token)).toEqual([200, 200]);
    redis.freeze();
    const headers = { authorization: `Bearer ${session.token}` };
    const answer = await fetch(`${one.url}/oauth/logout`, { headers });
    expect(answer.status).toBe(503);
    expect(await statusAt(one, name, session.token)).toBe(401);
    redis.thaw();
    await expect.poll(() => everywhere(name, session.token), patience).toEqual([401, 401]);
  });
});
