import { silentLogger, systemClock } from '@kit/base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiAccess } from '../../conformance/requests/api-access.ts';
import type { ApiServer } from '../start-api-server.ts';
import { startApiServer } from '../start-api-server.ts';

let server: ApiServer;
let access: ApiAccess;

beforeAll(async () => {
  server = await startApiServer({
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    log: silentLogger,
    knownTokens: [{ token: 'of-alice', user: 'alice', uid: 'u1', groups: ['devs'] }],
  });
  access = new ApiAccess(server.kubeconfig);
});
afterAll(async () => {
  access.close();
  await server.stop();
});

const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Who the server says the bearer of a token is; the status where it does not believe the token. */
async function bearerOf(token: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const { status, body } = await access.call({ method: 'POST', path: reviews, body: review, headers });
  return status === 201 ? (body as { status: { userInfo: object } }).status.userInfo : status; // a review
}

it('a token that is known from the start tells whose it is', async () => {
  const groups = ['devs', 'system:authenticated'];
  expect(await bearerOf('of-alice')).toEqual({ username: 'alice', uid: 'u1', groups });
  expect(await bearerOf('of-nobody')).toBe(401);
});

const secret = '0123456789abcdef';

it.each([
  { why: 'good', fields: {}, believed: true },
  { why: 'not for authentication', fields: { 'usage-bootstrap-authentication': 'no' }, believed: false },
  { why: 'over', fields: { expiration: '2001-01-01T00:00:00Z' }, believed: false },
  { why: 'never read as a time', fields: { expiration: 'soon' }, believed: false },
  { why: 'not over yet', fields: { expiration: '2999-01-01T00:00:00Z' }, believed: true },
  { why: 'a group that is none of bootstrappers', fields: { 'auth-extra-groups': 'system:masters' }, believed: false },
  { why: 'the id of another', fields: { 'token-id': 'zzzzzz' }, believed: false },
  { why: 'another secret', fields: { 'token-secret': 'fedcba9876543210' }, believed: false },
  { why: 'a secret of another type', fields: {}, type: 'Opaque', believed: false },
])('a bootstrap token: $why', async ({ fields, type = 'bootstrap.kubernetes.io/token', believed }) => {
  const id = Math.random().toString(36).slice(2, 8).padEnd(6, '0');
  const all = { 'token-id': id, 'token-secret': secret, 'usage-bootstrap-authentication': 'true', ...fields };
  const data = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, encode(value)]));
  await server.client.create(
    { group: '', resource: 'secrets' },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
      type,
      data,
    },
  );
  const groups = ['system:bootstrappers', 'system:authenticated'];
  expect(await bearerOf(`${id}.${secret}`)).toEqual(believed ? { username: `system:bootstrap:${id}`, groups } : 401);
});
