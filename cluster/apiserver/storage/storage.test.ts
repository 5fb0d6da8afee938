import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Storage, StaleWrite } from './storage.ts';
import type { ObjectKey, StorageEvent, Version } from './version.ts';

const resource = '/configmaps';
const key = (name: string, namespace = 'default'): ObjectKey => ({ resource, namespace, name });
const value =
  (name: string, data = '') =>
  (revision: number) =>
    JSON.stringify({ metadata: { name, uid: name, resourceVersion: String(revision) }, data });

const names = (versions: readonly Version[]): string[] => versions.map((version) => version.key.name);

describe('a write', () => {
  it('is refused when the object has changed since it was read, also by a write that is still under way', async () => {
    const storage = await Storage.open();
    const first = await storage.put(key('a'), undefined, value('a', '1'));
    const second = storage.put(key('a'), first, value('a', '2'));
    expect(() => storage.put(key('a'), first, value('a', '3'))).toThrow(StaleWrite);
    expect(() => storage.put(key('a'), undefined, value('a', '3'))).toThrow(StaleWrite);
    await second;
    expect(storage.get(key('a'))?.object().data).toBe('2');
  });

  it('is neither readable nor seen by watchers before it is safe, but is what the next writer starts from', async () => {
    const storage = await Storage.open();
    const events: StorageEvent[] = [];
    storage.watch(resource, storage.revision, (event) => events.push(event));
    const write = storage.put(key('a'), undefined, value('a'));
    expect(storage.get(key('a'))).toBeUndefined();
    expect(events).toEqual([]);
    expect(storage.newest(key('a'))?.revision).toBe(1);
    await write;
    expect(storage.get(key('a'))?.revision).toBe(1);
    expect(events.map(({ type }) => type)).toEqual(['ADDED']);
  });

  it('may create again what a write under way deletes', async () => {
    const storage = await Storage.open();
    const first = await storage.put(key('a'), undefined, value('a', 'old'));
    const removed = storage.remove(key('a'), first, value('a', 'old'));
    const again = storage.put(key('a'), undefined, value('a', 'new'));
    await Promise.all([removed, again]);
    expect(storage.get(key('a'))?.object().data).toBe('new');
  });
});

describe('a list', () => {
  it('is ordered by "namespace/name" and can be had as it was at any revision that is kept', async () => {
    const storage = await Storage.open();
    for (const [name, namespace] of [
      ['b', 'a'],
      ['a', 'a'],
      ['x', 'a-b'],
    ] as const) {
      await storage.put(key(name, namespace), undefined, value(name));
    }
    expect(storage.list(resource).map(({ key: at }) => `${at.namespace}/${at.name}`)).toEqual(['a-b/x', 'a/a', 'a/b']);
    expect(names(storage.list(resource, { namespace: 'a' }))).toEqual(['a', 'b']);
    expect(names(storage.list(resource, { revision: 1 }))).toEqual(['b']);
  });

  it('refuses a revision whose events are gone', async () => {
    const storage = await Storage.open({ history: { maxEvents: 10, maxBytes: 1 << 20 } });
    for (let i = 0; i < 30; i++) await storage.put(key(`c${i}`), undefined, value(`c${i}`));
    expect(storage.floor).toBeGreaterThan(10);
    expect(() => storage.list(resource, { revision: 1 })).toThrow(/too old/);
    expect(() => storage.watch(resource, 1, () => undefined)).toThrow(/too old/);
    expect(storage.list(resource, { revision: storage.floor })).toHaveLength(storage.floor);
  });
});

describe('whatever is written', () => {
  const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), remove: fc.boolean(), wait: fc.boolean() });

  it('a watcher that starts anywhere replays to the state there is, in order and without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(40), async (steps, start) => {
        const storage = await Storage.open();
        const writes: Promise<Version>[] = [];
        for (const { name, remove, wait } of steps) {
          const newest = storage.newest(key(name));
          if (remove && newest) writes.push(storage.remove(key(name), newest, value(name)));
          else if (!remove) writes.push(storage.put(key(name), newest, value(name, String(writes.length))));
          if (wait) await Promise.all(writes);
        }
        await Promise.all(writes);
        const from = Math.min(start, storage.revision);
        const state = new Map(
          storage.list(resource, { revision: from }).map((version) => [version.key.name, version.revision]),
        );
        let last = from;
        storage.watch(resource, from, ({ type, version }) => {
          expect(version.revision).toBe(last + 1);
          last = version.revision;
          if (type === 'DELETED') state.delete(version.key.name);
          else {
            expect(type).toBe(state.has(version.key.name) ? 'MODIFIED' : 'ADDED');
            state.set(version.key.name, version.revision);
          }
        });
        expect([...state].sort()).toEqual(
          storage.list(resource).map((version) => [version.key.name, version.revision]),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('on disk', () => {
  let folder = '';
  const path = (): string => join(folder, 'cluster.db');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'storage-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('everything is there again after a restart: objects, the revision, and the events that are kept', async () => {
    const before = await Storage.open({ path: path() });
    const first = await before.put(key('a'), undefined, value('a', '1'));
    await before.put(key('a'), first, value('a', '2'));
    const gone = await before.put(key('b'), undefined, value('b'));
    await before.remove(key('b'), gone, value('b'));
    await before.close();
    const after = await Storage.open({ path: path() });
    expect(after.revision).toBe(4);
    expect(after.list(resource).map((version) => version.object().data)).toEqual(['2']);
    const types: string[] = [];
    after.watch(resource, 1, ({ type }) => types.push(type));
    expect(types).toEqual(['MODIFIED', 'ADDED', 'DELETED']);
    expect((await after.put(key('c'), undefined, value('c'))).revision).toBe(5);
    await after.close();
  });

  it('versions nobody can ask for any more are dropped, across restarts too', async () => {
    const history = { maxEvents: 20, maxBytes: 1 << 20 };
    const before = await Storage.open({ path: path(), history });
    let version = await before.put(key('a'), undefined, value('a'));
    for (let i = 0; i < 200; i++) version = await before.put(key('a'), version, value('a', String(i)));
    const { floor } = before;
    await before.close();
    const after = await Storage.open({ path: path(), history });
    expect(after.floor).toBeGreaterThanOrEqual(floor - 20);
    expect(after.get(key('a'))?.object().data).toBe('199');
    await after.close();
  });

  it('only its owner may read the file', async () => {
    const storage = await Storage.open({ path: path() });
    expect(statSync(path()).mode & 0o077).toBe(0);
    await storage.close();
  });

  it.each([
    { why: 'not a database', content: 'this is a text, and a long one at that '.repeat(50), says: /not a database/ },
    { why: 'a folder stands there', content: undefined, says: /cannot open the cluster's database/ },
  ])('a file that cannot be used is refused in one sentence: $why', async ({ content, says }) => {
    if (content !== undefined) writeFileSync(path(), content);
    await expect(Storage.open({ path: content === undefined ? folder : path() })).rejects.toThrow(says);
  });

  it('a file that another process uses is refused, and free again when that one ends', async () => {
    const first = await Storage.open({ path: path() });
    await expect(Storage.open({ path: path() })).rejects.toThrow(/another process is using it/);
    await first.close();
    await (await Storage.open({ path: path() })).close();
  });

  it('a damaged file is refused', async () => {
    const storage = await Storage.open({ path: path() });
    for (let i = 0; i < 300; i++) void storage.put(key(`a${i}`), undefined, value(`a${i}`, 'x'.repeat(500)));
    await storage.put(key('last'), undefined, value('last'));
    await storage.close();
    const size = statSync(path()).size;
    const file = openSync(path(), 'r+');
    for (let at = 8192; at < size; at += 4096) writeSync(file, Buffer.alloc(2048, 0xff), 0, 2048, at);
    closeSync(file);
    await expect(Storage.open({ path: path() })).rejects.toThrow(/damaged/);
  });
});
