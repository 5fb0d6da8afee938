import { ApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
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
    const keyed = element.startsWith('k:') || element.startsWith('v:');
    if (schema.listType === 'map' && !keyed) {
      return `${path}: element ${index}: associative list with keys has an element that omits key field "${schema.listMapKeys?.[0] ?? ''}" (and doesn't have default value)`;
    }
    const place = keyed ? `${path}[${element.slice(2)}]` : `${path}[${index}]`;
    if (keyed && seen.has(element)) return `${path}: duplicate entries for key ${printedKey(element)}`;
    seen.add(element);
    const problem = problemOf(itemSchema(schema), item, place);
    if (problem) return problem;
  }
  return undefined;
}

function printedKey(element: string): string {
  if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
  const key = JSON.parse(element.slice(2)) as JsonObject; // JSON has no other values
  return `[${Object.entries(key)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}

function typeProblem(schema: Schema, value: Json): string | undefined {
  if (schema.intOrString || schema.quantity || schema.preserveUnknown) return undefined;
  const got = `got &{${typeof value === 'object' ? JSON.stringify(value) : String(value)}}`;
  switch (schema.type) {
    case 'object':
      return isObject(value) ? undefined : `expected map, ${got}`;
    case 'array':
      return Array.isArray(value) ? undefined : `expected list, ${got}`;
    case 'integer':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, ${got}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, ${got}`;
    default:
      return undefined;
  }
}

function goType(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  return isObject(value) ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : typeof value;
}
