import type { Cause } from '@kit/base';
import {
  duplicate,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../kinds/validation/cause.ts';
import { textOf } from '../kinds/rules/set-default.ts';
import { listKey, oldItems } from './list-key.ts';
import { matchesPattern, patternProblem } from './linear-pattern.ts';
import { validFormat } from './value-format.ts';
import { isUnchanged } from './unchanged.ts';
import { isObject } from './structural-schema.ts';
import type { Json, JsonObject, Schema } from './schema.ts';

/** Where a value is, and what was there before an update. */
interface Place {
  readonly path: string;
  readonly old?: Json | undefined;
}

/**
 * Everything in which a value breaks a structural schema, with the words of the real server. What an update has left as
 * it was is not held against it: `old` is the value before, where the two can be compared.
 */
export function validate(schema: Schema, value: Json | undefined, place: Place = { path: '' }): Cause[] {
  if (value === undefined) return [];
  const causes = problems(schema, value, place);
  return causes.length > 0 && place.old !== undefined && isUnchanged(schema, value, place.old) ? [] : causes;
}

function problems(schema: Schema, value: Json, place: Place): Cause[] {
  const { path } = place;
  if (value === null) return schema.nullable || schema.type === undefined ? [] : [wrongType(schema, 'null', path)];
  const type = typeOf(value);
  if (!typeFits(schema, value, type)) return [wrongType(schema, type, path)];
  return [
    ...validateEnum(schema, value, path),
    ...validateByType(schema, value, place),
    ...validateCombined(schema, value, path),
  ];
}

function validateEnum(schema: Schema, value: Json, path: string): Cause[] {
  if (!schema.enum || schema.enum.some((allowed) => same(allowed, value))) return [];
  return [notSupported(path, value, schema.enum.map(textOf))];
}

function validateByType(schema: Schema, value: Json, place: Place): Cause[] {
  const { path } = place;
  if (typeof value === 'string') return validateText(schema, value, path);
  if (typeof value === 'number') return validateNumber(schema, value, path);
  if (Array.isArray(value)) return validateList(schema, value, place);
  return isObject(value) ? validateObject(schema, value, place) : [];
}

function inBody(path: string, text: string): string {
  return `${path} in body ${text}`;
}

function wrongType(schema: Schema, type: string, path: string): Cause {
  const wanted = schema.intOrString ? 'integer,string' : (schema.type ?? 'object');
  return typeInvalid(path, type, inBody(path, `must be of type ${wanted}: "${type}"`));
}

function typeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typeFits(schema: Schema, value: Json, type: string): boolean {
  if (schema.intOrString) return type === 'integer' || type === 'string';
  if (schema.type === undefined || schema.type === type) return true;
  return schema.type === 'number' && typeof value === 'number';
}

function same(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function validateText(schema: Schema, value: string, path: string): Cause[] {
  const causes: Cause[] = [];
  const length = [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength) {
    causes.push(invalid(path, value, inBody(path, `should be at least ${schema.minLength} chars long`)));
  }
  if (schema.maxLength !== undefined && length > schema.maxLength) causes.push(tooLong(path, schema.maxLength));
  if (schema.pattern !== undefined && !fitsPattern(schema.pattern, value)) {
    causes.push(invalid(path, value, inBody(path, `should match '${schema.pattern}'`)));
  }
  if (schema.format !== undefined && !validFormat(schema.format, value)) {
    causes.push(typeInvalid(path, value, inBody(path, `must be of type ${schema.format}: ${JSON.stringify(value)}`)));
  }
  return causes;
}

/** A value does not fit a pattern that cannot be compiled: the definition of its kind has to be mended first. */
function fitsPattern(pattern: string, value: string): boolean {
  return patternProblem(pattern) === undefined && matchesPattern(value, pattern);
}

function validateNumber(schema: Schema, value: number, path: string): Cause[] {
  const { minimum, maximum, multipleOf } = schema;
  const causes: Cause[] = [];
  const say = (text: string): void => void causes.push(invalid(path, value, inBody(path, text)));
  if (minimum !== undefined && !inOrder(minimum, value, schema.exclusiveMinimum))
    say(`should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  if (maximum !== undefined && !inOrder(value, maximum, schema.exclusiveMaximum))
    say(`should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  if (multipleOf !== undefined && !Number.isInteger(Number((value / multipleOf).toFixed(9)))) {
    say(`should be a multiple of ${multipleOf}`);
  }
  return causes;
}

function inOrder(lower: number, upper: number, strictly = false): boolean {
  return strictly ? lower < upper : lower <= upper;
}

function validateList(schema: Schema, value: Json[], { path, old }: Place): Cause[] {
  const causes: Cause[] = [];
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    causes.push(invalid(path, value.length, inBody(path, `should have at least ${schema.minItems} items`)));
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    causes.push(tooMany(path, value.length, schema.maxItems));
  }
  if (schema.items) {
    const oldOf = old === undefined ? undefined : oldItems(schema, old);
    for (const [index, item] of value.entries())
      causes.push(...validate(schema.items, item, { path: `${path}[${index}]`, old: oldOf?.(item) }));
  }
  return [...causes, ...validateUnique(schema, value, path)];
}

function validateUnique(schema: Schema, value: Json[], path: string): Cause[] {
  if (schema.listType !== 'set' && schema.listType !== 'map') return [];
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const key = listKey(schema, item);
    if (key === undefined || seen.has(key))
      return key === undefined ? [] : [duplicate(`${path}[${index}]`, JSON.parse(key))];
    seen.add(key);
    return [];
  });
}

function validateObject(schema: Schema, value: JsonObject, { path, old }: Place): Cause[] {
  const under = (field: string): string => (path ? `${path}.${field}` : field);
  const count = Object.keys(value).length;
  const causes: Cause[] = [];
  for (const field of schema.required ?? []) if (value[field] === undefined) causes.push(required(under(field)));
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    causes.push(invalid(path, count, inBody(path, `should have at least ${schema.minProperties} properties`)));
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    causes.push(tooMany(path, count, schema.maxProperties));
  }
  const additional = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  const below = Object.entries(value).flatMap(([field, item]) =>
    validate(schema.properties?.[field] ?? additional, item, {
      path: under(field),
      old: isObject(old) && Object.hasOwn(old, field) ? old[field] : undefined,
    }),
  );
  return [...causes, ...below];
}

function validateCombined(schema: Schema, value: Json, path: string): Cause[] {
  const fits = (other: Schema): boolean => validate(other, value, { path }).length === 0;
  const causes = (schema.allOf ?? []).flatMap((other) => validate(other, value, { path }));
  const say = (text: string): void => void causes.push(invalid(path, shownWhole(value), inBody(path, text)));
  if (schema.anyOf && !schema.anyOf.some(fits)) say('must validate at least one schema (anyOf)');
  if (schema.oneOf) {
    const count = schema.oneOf.filter(fits).length;
    if (count !== 1) {
      say(
        `must validate one and only one schema (oneOf). Found ${count === 0 ? 'none valid' : `${count} valid alternatives`}`,
      );
    }
  }
  if (schema.not && fits(schema.not)) say('must not validate the schema (not)');
  return causes;
}

/** Objects are not repeated in messages about combined schemas. */
function shownWhole(value: Json): Json {
  return isObject(value) || Array.isArray(value) ? '' : value;
}
