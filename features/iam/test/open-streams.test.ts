import type { KubeObject } from '@kit/kube';
import { startTestPlatform } from '@kit/testing';
import type { Session, TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { iamTypes } from '../contract/index.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const account = '/kapis/iam.freehold.io/v1alpha1/account';
const shop = '/api/v1/namespaces/shop';
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
const password = 'Str0ngPass';
const patience = { timeout: 15_000, interval: 50 };

let platform: TestPlatform;
let admin: Session;
let pod = '';
let people = 0;

beforeAll(async () => {
  // So seldom that only the news of a change can end a stream here.
  platform = await startTestPlatform({ nodes: 1, recheckMs: 3_600_000 });
  admin = await platform.signIn();
  const tenant = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces';
  for (const [path, name] of [
    [tenant, 'acme'],
    [`${tenant}/acme/namespaces`, 'shop'],
  ] as const) {
    await vi.waitFor(
      async () => expect((await admin.call('POST', path, { metadata: { name } })).status).toBeOneOf([200, 409]),
      patience,
    );
  }
  const spec = { containers: [{ name: 'web', image: 'example.com/web:1' }] };
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec };
  pod = await vi.waitFor(async () => {
    await admin.call('POST', `${shop}/pods`, body);
    const { status } = (await admin.call<KubeObject>('GET', `${shop}/pods/web`)).body;
    expect(status).toMatchObject({ phase: 'Running' });
    return 'web';
  }, patience);
  const everything = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  await make(`${rbac}/roles`, { kind: 'Role', metadata: { name: 'crew' }, rules: everything });
  await bind('crew', { kind: 'Group', name: 'crew' });
}, 60_000);
afterAll(() => platform.stop());

async function make(path: string, body: object): Promise<void> {
  const object = { apiVersion: 'rbac.authorization.k8s.io/v1', ...body };
  expect((await admin.call('POST', path, object)).status).toBe(201);
}

function bind(name: string, subject: { readonly kind: string; readonly name: string }, role = 'crew'): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  const roleRef = { apiGroup, kind: 'Role', name: role };
  return make(`${rbac}/rolebindings`, {
    kind: 'RoleBinding',
    metadata: { name },
    roleRef,
    subjects: [{ apiGroup, ...subject }],
  });
}

const change = (path: string, body: object): ReturnType<typeof admin.call> =>
  admin.call('PATCH', path, body, { 'content-type': 'application/merge-patch+json' });

/** As `kubectl` does, directly at the cluster. */
async function changeUser(name: string, patch: object): Promise<void> {
  await platform.kube.patch(iamTypes.users, { name }, patch, { type: 'merge' });
}

async function user(): Promise<{ readonly name: string; readonly session: Session }> {
  const name = `user-${(people += 1)}`;
  const body = { metadata: { name }, spec: { email: `${name}@example.com`, password } };
  expect((await admin.call('POST', `${iam}/users`, body)).status).toBe(200);
  return { name, session: await platform.signIn(name, password) };
}

/** A user with a role of their own in the project. */
async function member(): Promise<{ readonly name: string; readonly session: Session }> {
  const made = await user();
  await bind(made.name, { kind: 'User', name: made.name });
  return made;
}

interface Stream {
  readonly opened: Promise<unknown>;
  readonly isOpen: () => boolean;
}

function overHttp(token: string, path: string): Stream {
  let isOpen = true;
  const response = fetch(platform.url + path, { headers: { authorization: `Bearer ${token}` } });
  const opened = response.then((answer) => expect(answer.status).toBe(200));
  const read = async (): Promise<void> => {
    const reader = (await response).body?.getReader();
    while (!(await reader?.read())?.done);
  };
  void read()
    .catch(() => undefined)
    .finally(() => (isOpen = false));
  return { opened, isOpen: () => isOpen };
}

function overWebSocket(token: string, path: string, protocols: string[] = []): Stream {
  let isOpen = true;
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(platform.url.replace('http', 'ws') + path, protocols, { headers });
  socket.on('close', () => (isOpen = false));
  const opened = new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return { opened, isOpen: () => isOpen };
}

async function openAll(token: string): Promise<Readonly<Record<string, Stream>>> {
  const watch = `${shop}/configmaps?watch=true`;
  const exec = `${shop}/pods/${pod}/exec?command=sh&stdin=true&stdout=true&tty=true`;
  const streams = {
    watch: overHttp(token, watch),
    'watch of the platform': overHttp(token, `/clusters/host${watch}`),
    log: overHttp(token, `${shop}/pods/${pod}/log?follow=true`),
    'watch over WebSocket': overWebSocket(token, watch),
    terminal: overWebSocket(token, exec, ['v5.channel.k8s.io']),
  };
  await Promise.all(Object.values(streams).map(({ opened }) => opened));
  return streams;
}

const open = (streams: Readonly<Record<string, Stream>>): string[] =>
  Object.entries(streams).flatMap(([name, { isOpen }]) => (isOpen() ? [name] : []));

const ok = async (answer: Promise<{ status: number; text: string }>): Promise<void> => {
  const { status, text } = await answer;
  expect([status, text]).toEqual([expect.toBeOneOf([200, 201, 202, 204]), text]);
};

type Person = Awaited<ReturnType<typeof member>>;
const losses: [why: string, who: () => Promise<Person>, lose: (person: Person) => Promise<void>][] = [
  ['their role is taken away', member, ({ name }) => ok(admin.call('DELETE', `${rbac}/rolebindings/${name}`))],
  ['their account is disabled', member, ({ name }) => changeUser(name, { status: { state: 'Disabled' } })],
  ['they sign out', member, ({ session }) => ok(session.call('GET', '/oauth/logout'))],
  [
    'they sign out everywhere else',
    member,
    async ({ name }) => ok((await platform.signIn(name, password)).call('DELETE', `${account}/sessions`)),
  ],
  ['their account is deleted', member, ({ name }) => ok(admin.call('DELETE', `${iam}/users/${name}`))],
  [
    'somebody sets their password',
    member,
    ({ name }) => ok(admin.call('PUT', `${iam}/users/${name}/password`, { password: 'An0therPass' })),
  ],
  [
    'they leave the group whose role it was',
    async () => {
      const made = await user();
      await changeUser(made.name, { spec: { groups: ['crew'] } });
      await vi.waitFor(
        async () => expect((await made.session.call('GET', `${shop}/configmaps`)).status).toBe(200),
        patience,
      );
      return made;
    },
    ({ name }) => changeUser(name, { spec: { groups: [] } }),
  ],
];
it.each(losses)('closes everything a user has open when %s', async (_why, who, lose) => {
  const person = await who();
  const streams = await openAll(person.session.token);
  const others = await openAll(admin.token);
  expect(open(streams)).toHaveLength(5);
  await lose(person);
  await expect.poll(() => open(streams), { timeout: 5000 }).toEqual([]);
  expect(open(others)).toHaveLength(5);
});

it('closes what an API token has opened when it is taken back', async () => {
  const { session } = await member();
  const wanted = { description: 'for a script', days: 1 };
  const made = await session.call<{ token: string; info: { name: string } }>('POST', `${account}/apitokens`, wanted);
  const [streams, own] = [await openAll(made.body.token), await openAll(session.token)];
  await ok(session.call('DELETE', `${account}/apitokens/${made.body.info.name}`));
  await expect.poll(() => open(streams), { timeout: 5000 }).toEqual([]);
  expect(open(own)).toHaveLength(5);
});

it('closes only what a narrower role no longer allows', async () => {
  const rules = [{ apiGroups: ['*'], resources: ['*', 'pods/log', 'pods/exec'], verbs: ['*'] }];
  await make(`${rbac}/roles`, { kind: 'Role', metadata: { name: 'narrow' }, rules });
  const { name, session } = await user();
  await bind(name, { kind: 'User', name }, 'narrow');
  const streams = await openAll(session.token);
  await ok(
    change(`${rbac}/roles/narrow`, { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['watch'] }] }),
  );
  await expect
    .poll(() => open(streams), { timeout: 5000 })
    .toEqual(['watch', 'watch of the platform', 'watch over WebSocket']);
});
