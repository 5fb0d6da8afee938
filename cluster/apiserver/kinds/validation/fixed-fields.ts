import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { record } from '../rules/set-default.ts';
import { forbidden, invalid } from './cause.ts';

/** What an update may not do, beyond what is wrong with the new object as such. */
export type UpdateCheck = (next: ClusterObject, old: ClusterObject) => Cause[];

function valueAt(object: JsonObject | ClusterObject, path: string): unknown {
  let value: unknown = object;
  for (const field of path.split('.')) value = record(value)?.[field];
  return value ?? null;
}

/** Fields that stay what they were when the object was made, each with the words it is refused with. */
export function fixed(...paths: readonly string[]): UpdateCheck {
  return fixedAs('field is immutable', ...paths);
}

export function fixedAs(note: string, ...paths: readonly string[]): UpdateCheck {
  return (next, old) =>
    paths.flatMap((path) => {
      const value = valueAt(next, path);
      return isDeepStrictEqual(value, valueAt(old, path)) ? [] : [invalid(path, value, note)];
    });
}

/** As `fixedAs`, for fields whose value is not shown. */
export function closed(note: string, ...paths: readonly string[]): UpdateCheck {
  return (next, old) =>
    paths.flatMap((path) =>
      isDeepStrictEqual(valueAt(next, path), valueAt(old, path)) ? [] : [forbidden(path, note)],
    );
}

/** The same check under another name: some messages do not call a field by its path. */
export function calling(names: Readonly<Record<string, string>>, check: UpdateCheck): UpdateCheck {
  return (next, old) =>
    check(next, old).map((cause) => ({ ...cause, field: names[cause.field ?? ''] ?? cause.field ?? '' }));
}

export function all(...checks: readonly UpdateCheck[]): UpdateCheck {
  return (next, old) => checks.flatMap((check) => check(next, old));
}
