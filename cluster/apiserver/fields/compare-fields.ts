import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { sameJson } from '../schema/same-json.ts';
import { isObject } from '../schema/structural-schema.ts';
import { emptySet, FieldSet } from './field-set.ts';
import { fieldSchema, isLeaf, itemSchema, itemsByElement } from './typed-value.ts';

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Draft {
  members: { added: string[]; modified: string[]; removed: string[] };
  children: [string, Comparison][];
}

const nothing: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };

/** What differs between two values of one schema, by field. A container that is new is itself an added field. */
export function compareFields(schema: Schema, before: Json | undefined, after: Json | undefined): Comparison {
  if (sameJson(before, after)) return nothing;
  const draft: Draft = { members: { added: [], modified: [], removed: [] }, children: [] };
  for (const pair of pairs(schema, before, after)) {
    const { element, child, left, right } = pair;
    const change = changeOf(pair);
    if (change) draft.members[change].push(element);
    if (isContainer(child, left) || isContainer(child, right)) {
      draft.children.push([element, compareFields(child, contained(child, left), contained(child, right))]);
    }
  }
  return finish(draft);
}

/** What happened to the field itself. Of two containers only what is in them can have changed; null is an empty one. */
function changeOf({ child, left, right }: Pair): keyof Comparison | undefined {
  if (left === undefined) return right === undefined ? undefined : 'added';
  if (right === undefined) return 'removed';
  const containers = [left, right].filter((value) => value === null || isContainer(child, value));
  if (containers.length === 2 && containers.some(hasContent)) return undefined;
  return sameJson(left, right) ? undefined : 'modified';
}

function hasContent(value: Json): boolean {
  return Object.keys(value ?? {}).length > 0;
}

function finish({ members, children }: Draft): Comparison {
  const part = (name: keyof Comparison): FieldSet => {
    const below = children.filter(([, comparison]) => comparison !== nothing && !comparison[name].isEmpty);
    if (members[name].length === 0 && below.length === 0) return emptySet;
    return new FieldSet(
      members[name],
      below.map(([element, comparison]) => [element, comparison[name]] as const),
    );
  };
  return { added: part('added'), modified: part('modified'), removed: part('removed') };
}

function isContainer(schema: Schema, value: Json | undefined): boolean {
  return value !== undefined && value !== null && !isLeaf(schema, value);
}

function contained(schema: Schema, value: Json | undefined): Json | undefined {
  return isContainer(schema, value) ? value : undefined;
}

interface Pair {
  readonly element: string;
  readonly child: Schema;
  readonly left: Json | undefined;
  readonly right: Json | undefined;
}

function* pairs(schema: Schema, before: Json | undefined, after: Json | undefined): Iterable<Pair> {
  if (Array.isArray(before) || Array.isArray(after)) {
    const left = itemsByElement(schema, Array.isArray(before) ? before : []);
    const right = itemsByElement(schema, Array.isArray(after) ? after : []);
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      yield { element, child: itemSchema(schema), left: left.get(element), right: right.get(element) };
    }
    return;
  }
  const left: JsonObject = isObject(before) ? before : {};
  const right: JsonObject = isObject(after) ? after : {};
  for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
    yield { element: `f:${field}`, child: fieldSchema(schema, field) ?? {}, left: left[field], right: right[field] };
  }
}
