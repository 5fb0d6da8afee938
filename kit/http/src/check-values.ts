import { ApiError } from '@kit/base';
import type { Cause } from '@kit/base';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';

/** Where a value came from, which its field names begin with. */
export type Place = 'path' | 'query' | 'body' | 'response';

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: unknown;
}

/** Turns a value into what the schema asks for, or throws `Invalid` with one cause for each wrong field. */
export type CheckValue = (value: unknown) => unknown;

/**
 * The check of one schema, compiled once. Text becomes numbers and booleans where the schema asks for them in paths,
 * queries and forms; a JSON body is taken as it is. Defaults are filled in.
 */
export function checkerOf(schema: TSchema, place: Place, fromText: boolean): CheckValue {
  const compiled = Compile(schema);
  return (value) => {
    const filled = Value.Default(schema, value);
    const ready: unknown = fromText ? Value.Convert(schema, filled) : filled;
    if (compiled.Check(ready)) return ready;
    const causes = causesOf(compiled.Errors(ready), place);
    const first = causes[0];
    const more = causes.length > 1 ? `, and ${causes.length - 1} more` : '';
    throw new ApiError(
      'Invalid',
      `the ${place} is invalid: ${first ? `${first.field}: ${first.message}` : 'it does not fit'}${more}`,
      {
        details: { causes },
      },
    );
  };
}

function causesOf(errors: readonly SchemaError[], place: Place): Cause[] {
  return errors.flatMap((error): Cause[] => {
    if (error.keyword === 'boolean') return []; // "schema is false": said again, and better, by additionalProperties
    const field = fieldOf(error.instancePath, place);
    const named = (names: unknown, message: string, reason: string): Cause[] =>
      textsIn(names).map((name) => ({ field: field === place ? name : `${field}.${name}`, message, reason }));
    const params = error.params as Record<string, unknown>; // each keyword has its own fields; only known ones are read
    if (error.keyword === 'required') return named(params['requiredProperties'], 'is required', 'FieldValueRequired');
    if (error.keyword === 'additionalProperties')
      return named(params['additionalProperties'], 'is not known', 'FieldValueForbidden');
    return [{ field, message: error.message, reason: 'FieldValueInvalid' }];
  });
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

/** `/spec/items/0/name` as `spec.items[0].name`; the whole value is called by its place. */
function fieldOf(instancePath: string, place: Place): string {
  const parts = instancePath.split('/').slice(1);
  if (parts.length === 0) return place;
  return parts
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
