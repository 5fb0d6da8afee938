import { startTestPlatform, type Session, type TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'undici';
import { give, iam, makeProject, makeUser, makeWorkspace, must, password, until } from './world.ts';

let platform: TestPlatform;
let admin: Session;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 1 });
  admin = await platform.signIn();
  await makeUser(admin, { name: 'owner', grants: [] });
  await makeWorkspace(admin, 'dev', 'owner');
  await makeProject(admin, 'dev', 'shop');
  const container = { name: 'web', image: 'localhost/busybox:test', command: ['sleep', '3600'] };
  const pod = { metadata: { name: 'web' }, spec: { containers: [container] } };
  await must(admin.call('POST', '/api/v1/namespaces/shop/pods', pod));
  await until(admin, '/api/v1/namespaces/shop/pods/web/log');
}, 120_000);
afterAll(() => platform.stop());

/** A member of the project who may do everything there. */
async function member(name: string): Promise<Session> {
  await makeUser(admin, { name, grants: [] });
  await give(admin, name, { level: 'project', place: 'shop', role: 'admin' });
  return platform.signIn(name, password);
}

/** A stream that is open; `ended` resolves when it is not any more. */
interface Open {
  readonly ended: Promise<void>;
}

async function openHttp({ token }: Session, path: string): Promise<Open> {
  const answer = await fetch(platform.url + path, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  const ended = answer.text().then(
    () => undefined,
    () => undefined,
  );
  return { ended };
}

async function openSocket({ token }: Session, path: string): Promise<Open> {
  const socket = new WebSocket(platform.url.replace('http', 'ws') + path, {
    protocols: ['v4.channel.k8s.io'],
    headers: { authorization: `Bearer ${token}` },
  });
  const ended = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`not opened: ${path}`)));
  });
  return { ended };
}

const watch = '/api/v1/namespaces/shop/configmaps?watch=true';
const shell = '/api/v1/namespaces/shop/pods/web/exec?command=sh&container=web&stdin=true&stdout=true';

const openAll = (session: Session): Promise<Open[]> =>
  Promise.all([openHttp(session, watch), openSocket(session, watch), openSocket(session, shell)]);

/** Fails when one is still open after the time that is promised for it, and the second in which it is said goodbye to. */
async function expectEnded(streams: readonly Open[]): Promise<void> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, 6500, 'open').unref());
  const ends = await Promise.all(streams.map(({ ended }) => Promise.race([ended.then(() => 'ended'), late])));
  expect(ends).toEqual(streams.map(() => 'ended'));
}

type Way = (name: string, session: Session) => Promise<void>;

async function disable(name: string): Promise<void> {
  const { body } = await admin.call<{ status?: object }>('GET', `${iam}/users/${name}`);
  await must(admin.call('PUT', `${iam}/users/${name}`, { ...body, status: { state: 'Disabled' } }));
}

const ways: [why: string, way: Way, token: 'dead' | 'without right'][] = [
  [
    'the role is taken',
    (name) => must(admin.call('DELETE', `${iam}/namespaces/shop/members/${name}`)),
    'without right',
  ],
  ['the user is disabled', disable, 'dead'],
  ['the user is deleted', (name) => must(admin.call('DELETE', `${iam}/users/${name}`)), 'dead'],
  ['they sign out', (_name, session) => must(session.call('DELETE', '/session')), 'dead'],
  [
    'they sign out everywhere else',
    async (name) => {
      const elsewhere = await platform.signIn(name, password);
      await must(elsewhere.call('DELETE', '/kapis/iam.freehold.io/v1alpha1/account/sessions'));
    },
    'dead',
  ],
  [
    'somebody sets their password',
    (name) => must(admin.call('PUT', `${iam}/users/${name}/password`, { password: 'An0ther-of-these' })),
    'dead',
  ],
];

describe('open watches and shells end, and the token is dead, when', () => {
  it.each(ways)('%s', { timeout: 30_000 }, async (why, way, token) => {
    const name = `member-${ways.findIndex(([one]) => one === why)}`;
    const session = await member(name);
    const streams = await openAll(session);
    await way(name, session);
    await expectEnded(streams);
    const { status } = await session.call('GET', '/api/v1/namespaces/shop/configmaps');
    expect(status).toBe(token === 'dead' ? 401 : 403);
  });

  it('an API token is taken back', { timeout: 30_000 }, async () => {
    const tokens = '/kapis/iam.freehold.io/v1alpha1/account/apitokens';
    const session = await member('scripted');
    const asked = { description: 'x', days: 1, readOnly: false };
    const { body } = await session.call<{ token: string; info: { name: string } }>('POST', tokens, asked);
    const streams = await openAll({ ...session, token: body.token });
    await must(session.call('DELETE', `${tokens}/${body.info.name}`));
    await expectEnded(streams);
  });

  it('and others’ stay', { timeout: 30_000 }, async () => {
    const [leaving, staying] = [await member('leaving'), await member('staying')];
    const [gone, kept] = [await openHttp(leaving, watch), await openHttp(staying, watch)];
    await disable('leaving');
    await expectEnded([gone]);
    const state = await Promise.race([kept.ended.then(() => 'ended'), Promise.resolve('open')]);
    expect(state).toBe('open');
    expect((await staying.call('GET', '/api/v1/namespaces/shop/configmaps')).status).toBe(200);
  });
});
