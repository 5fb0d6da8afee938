/** How big a value can be; neither bound is ever above the largest 64-bit number. */
export interface Size {
  readonly min: bigint;
  readonly max: bigint;
}

export const most = 2n ** 64n - 1n;
const tooBig = 2 ** 64;

export const unknownSize: Size = { min: 0n, max: most };
export const fixedSize = (size: bigint | number): Size => ({ min: BigInt(size), max: BigInt(size) });

export function plus(a: bigint, b: bigint): bigint {
  return a + b > most ? most : a + b;
}

export function times(a: bigint, b: bigint): bigint {
  return a * b > most ? most : a * b;
}

/** Rounded up; with the precision of a double, as costs are defined. */
export function scaled(value: bigint, factor: number): bigint {
  const result = Math.ceil(Number(value) * factor);
  return result >= tooBig ? most : BigInt(result);
}

export function union(a: Size, b: Size): Size {
  return { min: a.min < b.min ? a.min : b.min, max: a.max > b.max ? a.max : b.max };
}

export function sum(a: Size, b: Size): Size {
  return { min: plus(a.min, b.min), max: plus(a.max, b.max) };
}

export function product(a: Size, b: Size): Size {
  return { min: times(a.min, b.min), max: times(a.max, b.max) };
}
