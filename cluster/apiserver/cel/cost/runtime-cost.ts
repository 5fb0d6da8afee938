import { patternSizeOf } from '../libraries/named-formats.ts';
import { operators } from '../syntax/ast.ts';
import { isList, isMap, OptionalValue, type OpaqueValue, type Value } from '../values/value.ts';
import type { Overload } from '../functions/function-table.ts';

const perCharacter = 0.1;
const perPatternCharacter = 0.25;

/** The size of a value that has one; 1 for all others. */
export function sizeOf(value: Value | undefined): number {
  if (typeof value === 'string' || isList(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof OptionalValue) return sizeOf(value.value);
  return isMap(value) ? value.size : 1;
}

function traversal(value: Value): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return Math.floor(value.length * perCharacter);
  return isList(value) ? value.reduce<number>((sum, item) => sum + traversal(item), 0) : 1;
}

type Cost = (args: readonly Value[], result: Value, overload: Overload) => number;

const text = (value: Value | undefined, times = 1): number => Math.ceil(sizeOf(value) * times * perCharacter);
const first: Cost = ([value]) => text(value);
const twice: Cost = ([value]) => text(value, 2);
const pattern: Cost = ([value, regex]) =>
  Math.ceil((1 + sizeOf(value)) * perCharacter) * Math.ceil(sizeOf(regex) * perPatternCharacter);
const walk: Cost = ([list = null]) => traversal(list);
const smaller: Cost = ([a, b]) => (isOpaque(a) ? 1 : Math.ceil(Math.min(sizeOf(a), sizeOf(b)) * perCharacter));
const block: Cost = ([outer, inner]) => text(outer, 2) + (typeof inner === 'string' ? text(inner) : 0);
const product: Cost = ([a, b]) => sizeOf(a) * sizeOf(b);
const check: Cost = () => 350_000;

function isOpaque(value: Value | undefined): value is OpaqueValue {
  return typeof value === 'object' && value !== null && 'celType' in value;
}

const sums: Cost = ([a, b]) =>
  typeof a === 'string' || a instanceof Uint8Array ? Math.ceil((sizeOf(a) + sizeOf(b)) * perCharacter) : 1;
const ordered: Cost = (args, result, overload) =>
  typeof args[0] === 'string' || args[0] instanceof Uint8Array ? smaller(args, result, overload) : 1;
const conversion: Cost = ([value], result) =>
  (typeof value === 'string' && result instanceof Uint8Array) || value instanceof Uint8Array ? text(value) : 1;
const items: Cost = ([list]) => 11 + sizeOf(list);
const quadratic: Cost = ([list]) => 11 + sizeOf(list) ** 2;

const validate: Cost = ([format, value]) =>
  Math.ceil((1 + sizeOf(value)) * perCharacter) * Math.ceil((patternSizeOf(format) ?? 1) * perPatternCharacter);

/** Functions whose cost depends on their arguments; all others cost 1. */
const costs: Readonly<Record<string, Cost>> = {
  check,
  isSorted: walk,
  sum: walk,
  max: walk,
  min: walk,
  indexOf: walk,
  lastIndexOf: walk,
  url: first,
  lowerAscii: first,
  upperAscii: first,
  substring: first,
  trim: first,
  'jsonpatch.escapeKey': first,
  replace: twice,
  split: twice,
  join: (_args, result) => text(result, 2),
  find: pattern,
  findAll: pattern,
  matches: pattern,
  cidr: first,
  isIP: first,
  isCIDR: first,
  ip: (args, result, overload) => (overload.member ? 1 : first(args, result, overload)),
  'ip.isCanonical': twice,
  containsIP: block,
  containsCIDR: (args, result, overload) => block(args, result, overload) + text(args[0]) + 1,
  quantity: first,
  isQuantity: first,
  semver: first,
  isSemver: first,
  validate,
  contains: ([a, b]) => text(a) * text(b),
  startsWith: first,
  endsWith: first,
  format: first,
  bytes: conversion,
  string: conversion,
  '_==_': smaller,
  '_!=_': smaller,
  '_<_': ordered,
  '_<=_': ordered,
  '_>_': ordered,
  '_>=_': ordered,
  '_+_': sums,
  [operators.in]: (args) => (isList(args[1]) ? args[1].length : 1),
  'sets.contains': product,
  'sets.intersects': product,
  'sets.equivalent': ([a, b]) => 2 * sizeOf(a) * sizeOf(b),
  'lists.range': (_args, result) => 11 + sizeOf(result),
  sort: quadratic,
  '@sortByAssociatedKeys': quadratic,
  distinct: quadratic,
  slice: (_args, result) => 11 + sizeOf(result),
  flatten: (_args, result) => 11 + sizeOf(result),
  reverse: items,
  'cel.@mapInsert': () => 1,
};

/** What a call that was made cost. */
export function callCost(overload: Overload, args: readonly Value[], result: Value): number {
  return costs[overload.name]?.(args, result, overload) ?? 1;
}
