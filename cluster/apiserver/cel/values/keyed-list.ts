import { fieldName } from '../field-name.ts';
import type { Schema } from '../../schema/schema.ts';
import { isMap, type Value } from './value.ts';

type Same = (a: Value, b: Value) => boolean;

/** What makes two items of a list the same one: of a set the item itself, of a keyed list its keys. */
interface ListKind {
  readonly keys: readonly string[] | undefined;
}

const kinds = new WeakMap<readonly Value[], ListKind>();

/** Notes that a list of an object is a set, or has keyed items; other lists stay what they are. */
export function markList(list: Value[], { listType, listMapKeys = [] }: Schema): Value[] {
  if (listType === 'set') kinds.set(list, { keys: undefined });
  else if (listType === 'map') kinds.set(list, { keys: listMapKeys.map((key) => fieldName(key) ?? key) });
  return list;
}

function isSameItem({ keys }: ListKind, same: Same): Same {
  if (!keys) return same;
  return (a, b) =>
    isMap(a) &&
    isMap(b) &&
    keys.every((key) => {
      const [left, right] = [a.get(key), b.get(key)];
      return left === undefined || right === undefined ? left === right : same(left, right);
    });
}

/** Sets and keyed lists are equal in any order; undefined where the order of the left list counts. */
export function isEqualUnordered(a: readonly Value[], b: readonly Value[], same: Same): boolean | undefined {
  if (!kinds.has(a)) return undefined;
  return a.length === b.length && a.every((item) => b.some((other) => same(item, other)));
}

/**
 * Both lists in one. Items that a set has already are not added again; those of a keyed list take the place of the item
 * with their keys. Undefined where the left list is a plain one.
 */
export function addUnordered(a: readonly Value[], b: readonly Value[], same: Same): Value[] | undefined {
  const kind = kinds.get(a);
  if (!kind) return undefined;
  const isSame = isSameItem(kind, same);
  const result = [...a];
  for (const item of b) {
    const at = result.findIndex((other) => isSame(other, item));
    if (at < 0) result.push(item);
    else if (kind.keys) result[at] = item;
  }
  kinds.set(result, kind);
  return result;
}
