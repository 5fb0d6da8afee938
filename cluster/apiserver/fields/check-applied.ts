import { ApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { textOf } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { isObject } from '../schema/structural-schema.ts';
import { fieldSchema, itemElement, itemSchema } from './typed-value.ts';

/** Refuses an applied object that does not fit its schema; unlike other writes, apply knows no leniency. */
export function checkApplied(schema: Schema, applied: ClusterObject): void {
  const problem = problemOf(schema, applied, ''); // it came as JSON
  if (!problem) return;
  const { namespace = '', name = '' } = applied.metadata;
  const version = applied.apiVersion.includes('/') ? applied.apiVersion : `/${applied.apiVersion}`;
  throw new ApiError(
    'InternalError',
    `failed to create typed patch object (${namespace}/${name}; ${version}, Kind=${applied.kind}): ${problem}`,
  );
}

function problemOf(schema: Schema, value: Json, path: string): string | undefined {
  if (value === null) return undefined;
  const wrong = typeProblem(schema, value);
  if (wrong) return `${path}: ${wrong}`;
  if (Array.isArray(value)) return listProblem(schema, value, path);
  if (!isObject(value)) return undefined;
  for (const [field, item] of Object.entries(value)) {
    const child = fieldSchema(schema, field);
    if (!child) return `${path}.${field}: field not declared in schema`;
    const problem = problemOf(child, item, `${path}.${field}`);
    if (problem) return problem;
  }
  return undefined;
}

function listProblem(schema: Schema, list: readonly Json[], path: string): string | undefined {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const element = itemElement(schema, item, index);
    const keyed = isKeyed(element);
    if (schema.listType === 'map' && !keyed) return `${path}: element ${index}: ${withoutKey(schema)}`;
    if (keyed && seen.has(element)) return `${path}: duplicate entries for key ${printedKey(element)}`;
    seen.add(element);
    const problem = problemOf(itemSchema(schema), item, `${path}[${keyed ? element.slice(2) : index}]`);
    if (problem) return problem;
  }
  return undefined;
}

function isKeyed(element: string): boolean {
  return element.startsWith('k:') || element.startsWith('v:');
}

function withoutKey({ listMapKeys: [key = ''] = [] }: Schema): string {
  return `associative list with keys has an element that omits key field "${key}" (and doesn't have default value)`;
}

function printedKey(element: string): string {
  if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
  const key = JSON.parse(element.slice(2)) as JsonObject; // JSON has no other values
  return `[${Object.entries(key)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

interface Expectation {
  readonly word: string;
  fits(value: Json): boolean;
}

const numeric: Expectation = { word: 'numeric (int or float)', fits: (value) => typeof value === 'number' };
const expectations: Readonly<Record<NonNullable<Schema['type']>, Expectation>> = {
  object: { word: 'map', fits: isObject },
  array: { word: 'list', fits: Array.isArray },
  integer: numeric,
  number: numeric,
  string: { word: 'string', fits: (value) => typeof value === 'string' },
  boolean: { word: 'boolean', fits: (value) => typeof value === 'boolean' },
};

function typeProblem(schema: Schema, value: Json): string | undefined {
  if (schema.intOrString || schema.quantity || schema.preserveUnknown || !schema.type) return undefined;
  const expected = expectations[schema.type];
  if (expected.fits(value)) return undefined;
  const got = expected === numeric ? goType(value) : `&{${textOf(value)}}`;
  return `expected ${expected.word}, got ${got}`;
}

function goType(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  return isObject(value) ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : typeof value;
}
