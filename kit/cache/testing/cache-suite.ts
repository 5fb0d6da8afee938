import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cache } from '../src/index.ts';

/** Opens the driver under test: `other` is a second process's view of the same, where there can be one. */
export interface CacheDriver {
  open(): Promise<{ readonly cache: Cache; readonly other?: Cache }>;
  /** Lets so much time pass where time is turned by hand; real time passes by itself. */
  pass(durationMs: number): void;
}

/** What every driver of the cache promises. */
export function cacheSuite(name: string, driver: CacheDriver): void {
  describe(`cache on ${name}`, () => {
    let cache: Cache;
    let other: Cache;
    beforeEach(async () => {
      const opened = await driver.open();
      cache = opened.cache;
      other = opened.other ?? opened.cache;
    });
    afterEach(() => Promise.all([cache.close(), other.close()]));
    const both = (): readonly [Cache, Cache] => [cache, other];
    values(both, driver);
    sets(both, driver);
    times(both, driver);
    messages(both);
  });
}

type Both = () => readonly [Cache, Cache];
const life = 60_000;
const soon = 150;

function values(both: Both, driver: CacheDriver): void {
  it('keeps a text as it was given, for every process', async () => {
    const [cache, other] = both();
    await cache.set('a', 'héllo 한국 "quoted"\n', life);
    await cache.set('b', '', life);
    expect([await other.get('a'), await other.get('b'), await other.get('c')]).toEqual([
      'héllo 한국 "quoted"\n',
      '',
      undefined,
    ]);
  });

  it('keeps nothing beyond its life', async () => {
    const [cache] = both();
    await cache.set('a', 'x', soon);
    expect(await cache.get('a')).toBe('x');
    driver.pass(soon);
    await expect.poll(() => cache.get('a')).toBeUndefined();
    await cache.set('b', 'x', 0);
    expect(await cache.get('b')).toBeUndefined();
  });

  it('replaces only what is there', async () => {
    const [cache, other] = both();
    expect(await cache.replace('a', 'x', life)).toBe(false);
    await cache.set('a', 'x', life);
    expect(await other.replace('a', 'y', life)).toBe(true);
    expect(await cache.get('a')).toBe('y');
    await other.remove(['a']);
    expect(await cache.replace('a', 'z', life)).toBe(false);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('gives a value to one taker only', async () => {
    const [cache, other] = both();
    await cache.set('a', 'x', life);
    const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? cache : other).take('a')));
    expect(taken.filter((value) => value !== undefined)).toEqual(['x']);
  });

  it('forgets several at once, and takes it well when they are not there', async () => {
    const [cache] = both();
    for (const key of ['a', 'b', 'c']) await cache.set(key, 'x', life);
    await cache.remove([]);
    await cache.remove(['a', 'b', 'missing']);
    expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([undefined, undefined, 'x']);
  });
}

function sets(both: Both, driver: CacheDriver): void {
  it('keeps the members of a set, each for its own life', async () => {
    const [cache, other] = both();
    await cache.join('s', 'long', life);
    await other.join('s', 'short', soon);
    await cache.join('s', 'long', life);
    expect((await cache.members('s')).sort()).toEqual(['long', 'short']);
    driver.pass(soon);
    await expect.poll(() => other.members('s')).toEqual(['long']);
    await other.leave('s', ['long', 'never there']);
    expect(await cache.members('s')).toEqual([]);
    expect(await cache.members('never there')).toEqual([]);
  });
}

function times(both: Both, driver: CacheDriver): void {
  it('counts what happened within a window, the newest only', async () => {
    const [cache, other] = both();
    const window = { windowMs: life, most: 3 };
    expect(await cache.noted('n', life)).toEqual([]);
    const counts = [];
    for (const one of [cache, other, cache, other, cache]) counts.push((await one.note('n', window)).length);
    expect(counts).toEqual([1, 2, 3, 3, 3]);
    const noted = await other.noted('n', life);
    expect(noted).toEqual([...noted].sort((a, b) => a - b));
    await cache.remove(['n']);
    expect(await other.noted('n', life)).toEqual([]);
  });

  it('loses no note of those made at the same moment', async () => {
    const [cache, other] = both();
    const window = { windowMs: life, most: 100 };
    await Promise.all(Array.from({ length: 30 }, (_, n) => (n % 2 ? cache : other).note('n', window)));
    expect(await cache.noted('n', life)).toHaveLength(30);
  });

  it('forgets what is older than the window', async () => {
    const [cache] = both();
    await cache.note('n', { windowMs: soon, most: 10 });
    expect(await cache.noted('n', soon)).toHaveLength(1);
    driver.pass(soon);
    await expect.poll(() => cache.noted('n', soon)).toEqual([]);
  });
}

function messages(both: Both): void {
  it('tells every subscriber of a channel, in order, until they unsubscribe', async () => {
    const [cache, other] = both();
    const heard: string[] = [];
    const end = await cache.subscribe('one', (message) => heard.push(`here ${message}`));
    await other.subscribe('one', (message) => heard.push(`there ${message}`));
    await cache.subscribe('two', (message) => heard.push(`wrong ${message}`));
    for (const message of ['a', 'b']) await cache.publish('one', message);
    await expect.poll(() => heard.toSorted()).toEqual(['here a', 'here b', 'there a', 'there b']);
    expect(heard.filter((line) => line.startsWith('there'))).toEqual(['there a', 'there b']);
    end();
    await other.publish('one', 'c');
    await expect.poll(() => heard).toContain('there c');
    expect(heard).not.toContain('here c');
  });
}
