import { isNewer, type LiveObject, type WatchEvent } from './watch-socket.ts';

/** An object's identity; the name stands in where a server gives no uid. */
export function liveKey(object: LiveObject): string {
  return object.metadata.uid ?? `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** A complete list after these events. The same array if nothing changed. */
export function applyEvents<T extends LiveObject>(items: readonly T[], events: readonly WatchEvent<T>[]): readonly T[] {
  const byKey = new Map(items.map((item) => [liveKey(item), item]));
  let changed = false;
  for (const { type, object } of events) {
    const key = liveKey(object);
    const known = byKey.get(key);
    if (type === 'DELETED') changed = byKey.delete(key) || changed;
    else if (!known || isNewer(object, known)) {
      byKey.set(key, object);
      changed = true;
    }
  }
  return changed ? [...byKey.values()] : items;
}

/** One page of a list: rows it shows take their new values; what came or went is left to the next answer of the server. */
export function updateRows<T extends LiveObject>(rows: readonly T[], events: readonly WatchEvent<T>[]): readonly T[] {
  const latest = new Map(
    events.filter(({ type }) => type !== 'DELETED').map(({ object }) => [liveKey(object), object]),
  );
  let changed = false;
  const next = rows.map((row) => {
    const update = latest.get(liveKey(row));
    if (!update || !isNewer(update, row)) return row;
    changed = true;
    return update;
  });
  return changed ? next : rows;
}
