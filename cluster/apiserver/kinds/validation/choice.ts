import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { textOf } from '../rules/set-default.ts';
import { notSupported } from './cause.ts';

/** A field that has one of a few texts, if it is set. */
export function validateChoice(
  object: JsonObject,
  name: string,
  { field, supported }: { field: string; supported: readonly string[] },
): Cause[] {
  const value = object[name];
  return value === undefined || value === null || supported.includes(textOf(value))
    ? []
    : [notSupported(`${field}.${name}`, value, supported)];
}
