import { isApiError, Secret, silentLogger, systemClock } from '@kit/base';
import { findProgram } from '@kit/testing/programs';
import { startRedis } from '@kit/testing/redis';
import type { TestRedis } from '@kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheSuite } from '../testing/cache-suite.ts';
import type { Cache } from './cache.ts';
import { openRedisCache } from './redis-cache.ts';

const parts = { log: silentLogger, clock: systemClock };

describe.skipIf(!findProgram('redis-server'))('a real Redis (skipped where redis-server is not installed)', () => {
  let redis: TestRedis;
  let prefixes = 0;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  const open = (prefix: string): Promise<Cache> => openRedisCache({ url: redis.url, prefix, ...parts });

  cacheSuite('Redis', {
    async open() {
      const prefix = `test-${(prefixes += 1)}:`;
      return { cache: await open(prefix), other: await open(prefix) };
    },
    pass: () => undefined,
  });

  it('shows nothing to who has another prefix', async () => {
    const [one, other] = await Promise.all([open('one:'), open('other:')]);
    const heard: string[] = [];
    await other.subscribe('channel', (message) => heard.push(message));
    await one.set('a', 'x', 60_000);
    await one.publish('channel', 'not for you');
    await other.publish('channel', 'for you');
    expect(await other.get('a')).toBeUndefined();
    await expect.poll(() => heard).toEqual(['for you']);
    await Promise.all([one.close(), other.close()]);
  });

  it('says that it is away, fails at once, and hears again when it is back', async () => {
    const cache = await open('away:');
    const states: boolean[] = [];
    const heard: string[] = [];
    cache.onConnection((isConnected) => states.push(isConnected));
    await cache.subscribe('channel', (message) => heard.push(message));
    await redis.kill();
    await expect.poll(() => states).toEqual([false]);
    const failure: unknown = await cache.get('a').catch((error: unknown) => error);
    expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
    await redis.startAgain();
    await expect.poll(() => states, { timeout: 10_000 }).toEqual([false, true]);
    await cache.publish('channel', 'back');
    await expect.poll(() => heard).toEqual(['back']);
    await cache.close();
  });

  it('finds out about a connection that only looks alive', async () => {
    const cache = await open('frozen:');
    const states: boolean[] = [];
    cache.onConnection((isConnected) => states.push(isConnected));
    redis.freeze();
    await expect.poll(() => states, { timeout: 10_000 }).toEqual([false]);
    redis.thaw();
    await expect.poll(() => states, { timeout: 10_000 }).toEqual([false, true]);
    expect(await cache.get('a')).toBeUndefined();
    await cache.close();
  });

  it('is opened by its password, and by no other', async () => {
    const guarded = await startRedis({ password: 'hunter2' });
    const openWith = (password?: string): Promise<Cache> =>
      openRedisCache({
        url: guarded.url,
        prefix: '',
        ...(password ? { password: new Secret(password) } : {}),
        ...parts,
      });
    const cache = await openWith('hunter2');
    await cache.set('a', 'x', 60_000);
    expect(await cache.get('a')).toBe('x');
    await cache.close();
    for (const wrong of ['hunter3', undefined]) {
      const failure: unknown = await openWith(wrong).catch((error: unknown) => error);
      expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
      expect(String(failure)).toMatch(/the Redis at .+ cannot be used: /);
      expect(String(failure)).not.toContain('hunter');
    }
    await guarded.stop();
  });

  it.each([
    ['nobody listens', 'redis://127.0.0.1:1'],
    ['no such host', 'redis://no-such-host.invalid:6379'],
  ])('is not opened when it cannot be reached: %s', async (_why, url) => {
    const failure: unknown = await openRedisCache({ url, prefix: '', ...parts }).catch((error: unknown) => error);
    expect(isApiError(failure, 'ServiceUnavailable')).toBe(true);
    expect(String(failure)).toMatch(/the Redis at .+ cannot be used: /);
  });
});
