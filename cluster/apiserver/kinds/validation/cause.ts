import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { items, texts } from '../rules/set-default.ts';

/** A path inside an object, written as validation messages write it: `spec.ports[0].port`. */
export type FieldPath = string;

/** Makes `spec.ports[0]` of `spec.ports` and 0, `data[key]` of `data` and a key. */
export function at(path: FieldPath, key: number | string): FieldPath {
  return `${path}[${key}]`;
}

/** A value as messages print it: text quoted, objects as JSON. */
export function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

export function required(field: FieldPath, detail = ''): Cause {
  return { field, message: detail ? `Required value: ${detail}` : 'Required value', reason: 'FieldValueRequired' };
}

export function invalid(field: FieldPath, value: unknown, detail: string): Cause {
  return { field, message: `Invalid value: ${shown(value)}${detail && `: ${detail}`}`, reason: 'FieldValueInvalid' };
}

/** `supported` is printed in the order given. */
export function notSupported(field: FieldPath, value: unknown, supported: readonly string[]): Cause {
  const list = supported.map((item) => JSON.stringify(item)).join(', ');
  const message = `Unsupported value: ${shown(value)}${list ? `: supported values: ${list}` : ''}`;
  return { field, message, reason: 'FieldValueNotSupported' };
}

export function duplicate(field: FieldPath, value: unknown): Cause {
  return { field, message: `Duplicate value: ${shown(value)}`, reason: 'FieldValueDuplicate' };
}

export function notFound(field: FieldPath, value: unknown): Cause {
  return { field, message: `Not found: ${shown(value)}`, reason: 'FieldValueNotFound' };
}

export function forbidden(field: FieldPath, detail: string): Cause {
  return { field, message: `Forbidden: ${detail}`, reason: 'FieldValueForbidden' };
}

export function tooLong(field: FieldPath, maxLength: number): Cause {
  return {
    field,
    message: `Too long: may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}`,
    reason: 'FieldValueTooLong',
  };
}

export function tooMany(field: FieldPath, count: number, max: number): Cause {
  return { field, message: `Too many: ${count}: must have at most ${max} items`, reason: 'FieldValueTooMany' };
}

export function typeInvalid(field: FieldPath, value: unknown, detail: string): Cause {
  return { field, message: `Invalid value: ${shown(value)}: ${detail}`, reason: 'FieldValueTypeInvalid' };
}

/** What is wrong with the objects of a list, each with its own path. */
export function eachItem(
  list: unknown,
  field: FieldPath,
  check: (item: JsonObject, path: FieldPath) => Cause[],
): Cause[] {
  return items(list).flatMap((item, index) => check(item, at(field, index)));
}

/** What is wrong with the texts of a list, each with its own path. */
export function eachText(list: unknown, field: FieldPath, check: (text: string, path: FieldPath) => Cause[]): Cause[] {
  return texts(list).flatMap((text, index) => check(text, at(field, index)));
}

/** Texts that a list has more than once, from the second time on. */
export function repeated(list: unknown, field: FieldPath): Cause[] {
  const seen = new Set<string>();
  return eachText(list, field, (text, path) => {
    if (seen.has(text)) return [duplicate(path, text)];
    seen.add(text);
    return [];
  });
}
