import { operators, type Expr } from '../syntax/ast.ts';
import type { Overload } from '../functions/function-table.ts';
import { fixedSize, most, plus, product, scaled, sum, times, union, type Size } from './size.ts';

/** What a call can cost at most, without its arguments, and how big its result can be. */
export interface CallEstimate {
  readonly cost: bigint;
  readonly size?: Size;
}

/** What an estimate may ask. */
export interface Asked {
  readonly overload: Overload;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  readonly sizeOf: (expr: Expr | undefined) => Size;
  /** The size of what is in a list. */
  readonly itemSizeOf: (expr: Expr) => Size;
}

type Estimate = (asked: Asked) => CallEstimate | undefined;

const perCharacter = 0.1;
const perPatternCharacter = 0.25;
const listCost = 10n;
const one: Estimate = () => ({ cost: 1n });
const one64 = fixedSize(1);

/** A walk along the text the function is called on, or given. */
const alongTarget =
  (factor: number): Estimate =>
  ({ target, sizeOf }) => ({ cost: scaled(sizeOf(target).max, factor), size: sizeOf(target) });
const alongArgument =
  (factor = perCharacter): Estimate =>
  ({ args, sizeOf }) => ({ cost: scaled(sizeOf(args[0]).max, factor) });
const parsing: Estimate = ({ args, sizeOf }) => ({
  cost: scaled(sizeOf(args[0]).max, perCharacter),
  size: sizeOf(args[0]),
});

const walk: Estimate = ({ target, sizeOf, itemSizeOf }) => {
  if (!target) return undefined;
  const { max } = sizeOf(target);
  const item = target.type?.kind === 'list' ? target.type.params[0] : undefined;
  if (!item) return { cost: scaled(max, perCharacter) };
  const isText = item.kind === 'string' || item.kind === 'bytes';
  return { cost: times(max, isText ? plus(1n, scaled(itemSizeOf(target).max, perCharacter)) : 1n) };
};

function patternCost(text: Size, pattern: Size): bigint {
  return times(scaled(plus(text.max, 1n), perCharacter), scaled(pattern.max, perPatternCharacter));
}

const find: Estimate = ({ target, args, sizeOf }) => ({
  cost: patternCost(sizeOf(target), sizeOf(args[0])),
  size: { min: 0n, max: sizeOf(target).max },
});

const divideUp = (a: bigint, b: bigint): bigint => (a === most ? most : scaled(a, 1 / Number(b)));

/** The longest result puts the longest text in place of the shortest; the shortest is the other way round. */
const replace: Estimate = ({ target, args, sizeOf }) => {
  const [text, from, to] = [sizeOf(target), sizeOf(args[0]), sizeOf(args[1])];
  const longest = replaced(text.max, from.min, to.max <= from.min);
  const shortest = replaced(text.min, from.max, from.max <= to.min);
  const count = { min: shortest.count, max: longest.count };
  const size = sum(product(count, to), { min: shortest.kept, max: longest.kept });
  return { cost: scaled(text.max, 2 * perCharacter), size };
};

function replaced(text: bigint, part: bigint, unchanged: boolean): { count: bigint; kept: bigint } {
  if (part === 0n) return { count: plus(text, 1n), kept: text };
  return unchanged ? { count: 0n, kept: text } : { count: divideUp(text, part), kept: 0n };
}

function literalInt(expr: Expr | undefined): bigint | undefined {
  return expr?.form === 'literal' && typeof expr.value === 'bigint' ? expr.value : undefined;
}

const split: Estimate = ({ target, args, sizeOf }) => {
  const { max } = sizeOf(target);
  const limit = literalInt(args[1]);
  return {
    cost: scaled(max, 2 * perCharacter),
    size: { min: 0n, max: limit === undefined ? max : BigInt.asUintN(64, limit) },
  };
};

const join: Estimate = ({ target, args, sizeOf, itemSizeOf }) => {
  if (!target) return undefined;
  const list = sizeOf(target);
  const less = (count: bigint): bigint => (count > 0n ? count - 1n : 0n);
  const items = product(list, itemSizeOf(target));
  const between = args[0] ? product(sizeOf(args[0]), { min: less(list.min), max: less(list.max) }) : fixedSize(0);
  const size = sum(items, between);
  return { cost: scaled(size.max, perCharacter), size };
};

/** Addresses are compared as up to 16 bytes each. */
const addressCost = scaled(32n, perCharacter);
const containing =
  (extra: bigint): Estimate =>
  ({ overload, args, sizeOf }) => {
    const isText = overload.args[1]?.kind === 'string';
    return { cost: addressCost + extra + (isText ? scaled(sizeOf(args[0]).max, perCharacter) : 0n) };
  };

const formatPattern = 128;
const validate: Estimate = ({ args, sizeOf }) => ({
  cost: scaled(scaled(sizeOf(args[0]).max, perCharacter), formatPattern * perPatternCharacter),
});

const selector: Estimate = ({ args, sizeOf }) => {
  const { max } = sizeOf(args[0]);
  const requirements = scaled(scaled(max, 0.5), 50);
  return { cost: plus(plus(listCost, scaled(max, perCharacter)), requirements) };
};

function allocating(factor: number, size: Size): CallEstimate {
  return { cost: plus(plus(scaled(size.max, factor), 1n), listCost), size };
}

const positive = (value: bigint): bigint => (value < 0n ? 0n : value);
const slice: Estimate = ({ target, args: [from, to], sizeOf }) => {
  const end = positive(literalInt(to) ?? sizeOf(target).max);
  return allocating(1, fixedSize(BigInt.asUintN(64, end - positive(literalInt(from) ?? 0n))));
};
const quadratic =
  (of: (asked: Asked) => Size, factor: (asked: Asked) => number): Estimate =>
  (asked) => {
    const size = of(asked);
    return allocating(factor(asked), product(size, size));
  };
const sortFactor = ({ overload }: Asked): number => {
  const kind = overload.args.at(-1)?.params[0]?.kind;
  return kind === 'string' || kind === 'bytes' ? 2 + perCharacter : 2;
};
const sets =
  (factor: number): Estimate =>
  ({ args, sizeOf }) => ({ cost: plus(scaled(product(sizeOf(args[0]), sizeOf(args[1])).max, factor), 1n) });

const sizedKinds = new Set(['param', 'string', 'bytes']);
const formatCost = 7n;

/** Comparing two values of one type of the libraries. */
function libraryCost(left: Expr | undefined, right: Expr | undefined): bigint | undefined {
  const name = left?.type?.name ?? '';
  if (name !== right?.type?.name || !/^(net|kubernetes)\./.test(name)) return undefined;
  return name === 'kubernetes.NamedFormat' ? formatCost : 1n;
}

/** Equal sizes at most; values of the libraries have a size that is known. */
const comparing: Estimate = ({ overload, args, sizeOf }) => {
  const [left, right] = args;
  if (!sizedKinds.has(overload.args[0]?.kind ?? '')) return { cost: 1n };
  const known = overload.name === '_==_' ? libraryCost(left, right) : undefined;
  if (known !== undefined) return { cost: known };
  const [a, b] = [sizeOf(left).max, sizeOf(right).max];
  return { cost: scaled(a < b ? a : b, perCharacter) };
};

const adding: Estimate = ({ overload, args, sizeOf }) => {
  const kind = overload.args[0]?.kind;
  if (kind !== 'string' && kind !== 'bytes' && kind !== 'list') return { cost: 1n };
  const size = sum(sizeOf(args[0]), sizeOf(args[1]));
  return { cost: kind === 'list' ? 1n : scaled(size.max, perCharacter), size };
};

const conversion: Estimate = ({ overload, args, sizeOf }) => {
  const [from, to] = [overload.args[0]?.kind, overload.result.kind];
  const { min, max } = sizeOf(args[0]);
  const cost = scaled(max, perCharacter);
  if (from === 'string' && to === 'bytes') return { cost, size: { min, max: BigInt.asUintN(64, max * 4n) } };
  return from === 'bytes' && to === 'string' ? { cost, size: { min: min / 4n, max } } : { cost: 1n };
};

const conditional: Estimate = ({ args, sizeOf }) => ({ cost: 0n, size: union(sizeOf(args[1]), sizeOf(args[2])) });
const free: Estimate = () => ({ cost: 0n });

const estimates: Readonly<Record<string, Estimate>> = {
  check: () => ({ cost: 350_000n }),
  fieldSelector: selector,
  labelSelector: selector,
  isSorted: walk,
  sum: walk,
  max: walk,
  min: walk,
  indexOf: walk,
  lastIndexOf: walk,
  url: parsing,
  'jsonpatch.escapeKey': parsing,
  lowerAscii: alongTarget(perCharacter),
  upperAscii: alongTarget(perCharacter),
  substring: alongTarget(perCharacter),
  trim: alongTarget(perCharacter),
  replace,
  split,
  join,
  find,
  findAll: find,
  matches: ({ target, args, sizeOf }) => ({ cost: target ? patternCost(sizeOf(target), sizeOf(args[0])) : 1n }),
  cidr: alongArgument(),
  isIP: alongArgument(),
  isCIDR: alongArgument(),
  ip: (asked) => (asked.overload.member ? one(asked) : alongArgument()(asked)),
  'ip.isCanonical': alongArgument(2 * perCharacter),
  containsIP: containing(0n),
  containsCIDR: containing(scaled(16n, perCharacter) + 1n),
  quantity: alongArgument(),
  isQuantity: alongArgument(),
  semver: alongArgument(),
  isSemver: alongArgument(),
  validate,
  format: ({ target, sizeOf }) => ({ cost: scaled(sizeOf(target).max, perCharacter) }),
  'strings.quote': ({ args, sizeOf }) => {
    const { min, max } = sizeOf(args[0]);
    return {
      cost: scaled(max, perCharacter),
      size: { min: min + 2n, max: BigInt.asUintN(64, max * 2n + 2n) },
    };
  },
  startsWith: alongArgument(),
  endsWith: alongArgument(),
  contains: ({ target, args, sizeOf }) => ({
    cost: times(scaled(sizeOf(target).max, perCharacter), scaled(sizeOf(args[0]).max, perCharacter)),
  }),
  [operators.in]: ({ overload, args, sizeOf }) => ({
    cost: overload.args[1]?.kind === 'list' ? sizeOf(args[1]).max : 1n,
  }),
  [operators.and]: free,
  [operators.or]: free,
  [operators.conditional]: conditional,
  bytes: conversion,
  string: conversion,
  '_+_': adding,
  '_==_': comparing,
  '_!=_': comparing,
  '_<_': comparing,
  '_<=_': comparing,
  '_>_': comparing,
  '_>=_': comparing,
  'sets.contains': sets(1),
  'sets.intersects': sets(1),
  'sets.equivalent': sets(2),
  slice,
  'lists.range': ({ args: [count] }) => allocating(1, fixedSize(positive(literalInt(count) ?? most))),
  reverse: ({ target, sizeOf }) => allocating(1, sizeOf(target)),
  flatten: ({ target, args, sizeOf }) =>
    allocating(args[0] ? Number(positive(literalInt(args[0]) ?? most)) : 1, sizeOf(target)),
  distinct: quadratic(
    ({ target, sizeOf }) => sizeOf(target),
    () => 2,
  ),
  sort: quadratic(({ target, sizeOf }) => sizeOf(target), sortFactor),
  '@sortByAssociatedKeys': quadratic(({ args, sizeOf }) => sizeOf(args[0]), sortFactor),
};

/** The estimate of one form of a function; 1 unless the table says more. */
export function estimateCall(asked: Asked): CallEstimate {
  return estimates[asked.overload.name]?.(asked) ?? { cost: one64.max };
}
