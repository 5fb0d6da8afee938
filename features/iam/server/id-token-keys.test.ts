import { ManualClock } from '@kit/base';
import { kinds } from '@kit/kube';
import { startTestPlatform } from '@kit/testing';
import type { TestPlatform } from '@kit/testing';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { IdTokenKeys, maxIdTokenMs } from './id-token-keys.ts';

const [minuteMs, dayMs] = [60_000, 86_400_000];
let platform: TestPlatform;
let clock: ManualClock;

beforeAll(async () => {
  platform = await startTestPlatform({ nodes: 0 });
}, 60_000);
afterAll(() => platform.stop());
beforeEach(async () => {
  clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  const key = { namespace: 'kubesphere-system', name: 'freehold-id-token-keys' };
  if (await platform.kube.find(kinds.secrets, key)) await platform.kube.delete(kinds.secrets, key);
});

const replica = (): IdTokenKeys => new IdTokenKeys(platform.kube, clock);
const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
const kids = async (keys: IdTokenKeys): Promise<(string | undefined)[]> =>
  (await keys.published()).keys.map(({ kid }) => kid);
const isVerified = async (token: string, keys: IdTokenKeys): Promise<boolean> =>
  jwtVerify(token, createLocalJWKSet(await keys.published())).then(
    () => true,
    () => false,
  );

it('makes one pair for each algorithm, which sign at once; replicas that begin together share them', async () => {
  const [one, other] = [replica(), replica()];
  const [first, second] = await Promise.all([one.sign({ sub: 'jane' }, 'RS256'), other.sign({ sub: 'jane' }, 'RS256')]);
  expect(kidOf(first)).toBe(kidOf(second));
  expect((await one.published()).keys.map(({ alg, d }) => [alg, d]).sort()).toEqual([
    ['ES256', undefined],
    ['RS256', undefined],
  ]);
  expect(await other.read(first)).toMatchObject({ sub: 'jane' });
});

it('publishes a new key before it signs, and an old one while a token of it may be about', async () => {
  const [one, other] = [replica(), replica()];
  const old = kidOf(await one.sign({}, 'ES256'));
  clock.advance(90 * dayMs + minuteMs);
  const late = await one.sign({ sub: 'late' }, 'ES256'); // makes the new pair, and signs by the one that others know
  expect([kidOf(late), (await kids(one)).length]).toEqual([old, 4]);
  clock.advance(61 * minuteMs);
  const fresh = await one.sign({}, 'ES256');
  expect(kidOf(fresh)).not.toBe(old);
  expect([await isVerified(fresh, other), await isVerified(late, other)]).toEqual([true, true]);
  clock.advance(maxIdTokenMs);
  expect([await isVerified(late, one), await isVerified(late, other)]).toEqual([true, true]);
  clock.advance(2 * dayMs);
  expect(await kids(replica())).not.toContain(old);
  expect(await replica().read(late)).toBeUndefined();
});

it('starts anew when the keys are taken away, and then believes no token of before', async () => {
  const before = await replica().sign({ sub: 'jane' }, 'RS256');
  await platform.kube.delete(kinds.secrets, { namespace: 'kubesphere-system', name: 'freehold-id-token-keys' });
  const after = replica();
  expect(await after.read(before)).toBeUndefined();
  expect(await after.read(await after.sign({ sub: 'jane' }, 'RS256'))).toMatchObject({ sub: 'jane' });
});
