import { describe, expect, it } from 'vitest';
import { builtinKinds } from '../kinds/builtin-kinds.ts';
import { Storage } from '../storage/storage.ts';
import { storageResource } from '../store/kind-registry.ts';
import { select } from '../store/selection.ts';
import { keyOf } from '../store/stored-object.ts';
import { PacedWatch } from './paced-watch.ts';

const kind = builtinKinds().find(({ resource, group }) => resource === 'configmaps' && group === '');
if (!kind) throw new Error('there are config maps in every cluster');
const selection = select(kind, {});
const resource = storageResource(kind);

async function write(storage: Storage, name: string): Promise<void> {
  const key = keyOf(kind!, 'default', name); // found above
  await storage.put(key, storage.newest(key), (revision) =>
    JSON.stringify({ metadata: { name, namespace: 'default', uid: name, resourceVersion: String(revision) } }),
  );
}

/** A reader that takes `room` changes before it is full. */
function reader(storage: Storage, revision: number | undefined) {
  const seen: string[] = [];
  const state = { room: Infinity };
  const watch = new PacedWatch(storage, {
    selection,
    revision,
    sink: {
      isFull: () => state.room <= 0,
      change: ({ type, version }) => {
        seen.push(`${type} ${version.key.name}`);
        state.room--;
      },
      current: () => seen.push('current'),
    },
  });
  return { seen, state, watch };
}

describe('PacedWatch', () => {
  it('shows what is there as the reader has room, and then what has changed meanwhile', async () => {
    const storage = await Storage.open();
    for (const name of ['a', 'b', 'c']) await write(storage, name);
    const { seen, state, watch } = reader(storage, undefined);
    watch.follow();
    state.room = 2;
    watch.resume();
    await write(storage, 'a');
    expect(seen).toEqual(['ADDED a', 'ADDED b']);
    expect(watch.shown).toBeUndefined();
    state.room = 10;
    watch.resume();
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'current', 'MODIFIED a']);
    await write(storage, 'd');
    expect(seen.at(-1)).toBe('ADDED d');
    expect(watch.shown).toBe(storage.revision);
  });

  it('misses and doubles nothing when it falls behind again and again', async () => {
    const storage = await Storage.open();
    const { seen, state, watch } = reader(storage, 0);
    watch.follow();
    watch.resume();
    for (let i = 0; i < 60; i++) {
      state.room = i % 7 === 0 ? 3 : state.room;
      if (i % 5 === 0) watch.resume();
      await write(storage, `n${i}`);
    }
    state.room = Infinity;
    watch.resume();
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => `ADDED n${i}`));
  });

  it('tells a reader that is too far behind that what it missed is gone', async () => {
    const storage = await Storage.open({ history: { maxEvents: 10, maxBytes: 1 << 20 } });
    const { seen, state, watch } = reader(storage, 0);
    watch.follow();
    state.room = 1;
    for (let i = 0; i < 30; i++) await write(storage, `n${i}`);
    state.room = Infinity;
    expect(() => watch.resume()).toThrow(expect.objectContaining({ reason: 'Expired' }));
    expect(seen.length).toBeLessThan(30);
  });

  it('waits for a revision of the future', async () => {
    const storage = await Storage.open();
    const { seen, watch } = reader(storage, 2);
    watch.follow();
    watch.resume();
    for (const name of ['a', 'b', 'c']) await write(storage, name);
    expect(seen).toEqual(['ADDED c']);
    expect(storage.list(resource)).toHaveLength(3);
  });
});
