import { readFileSync } from 'node:fs';
import type { Json } from '../apiserver/schema/schema.ts';

/** A schema as the OpenAPI document has it: `$ref`s, `allOf` with one member, `x-kubernetes-*`. */
export type OpenApiSchema = { readonly [key: string]: Json | undefined };

export interface DiscoveryResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly singularName: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
  readonly group?: string;
  readonly version?: string;
}

/** A protobuf field: number, `opt` | `rep` | '' (map), type. */
export type ProtobufField = readonly [number: number, rule: string, type: string];

interface Data {
  'schemas.json': Readonly<Record<string, OpenApiSchema>>;
  'go-types.json': Readonly<Record<string, Readonly<Record<string, string>>>>;
  'discovery.json': Readonly<Record<string, { readonly groupVersion: string; readonly resources: readonly DiscoveryResource[] }>>;
  'columns.json': Readonly<Record<string, readonly (readonly [name: string, type: string, format: string, priority: number])[]>>;
  'protobuf.json': Readonly<Record<string, Readonly<Record<string, ProtobufField>>>>;
  'bootstrap.json': Readonly<Record<string, readonly { readonly metadata: { readonly name: string }; readonly [field: string]: unknown }[]>>;
}

const cache = new Map<string, unknown>();

/** One of the data files beside this one, parsed at the first call. The result is shared: do not change it. */
export function readData<Name extends keyof Data>(name: Name): Data[Name] {
  let value = cache.get(name);
  if (value === undefined) {
    value = JSON.parse(readFileSync(new URL(`./${name}`, import.meta.url), 'utf8'));
    cache.set(name, value);
  }
  return value as Data[Name]; // the files are written by tools/kubernetes-data in this shape
}
