import type { Json } from '../schema/schema.ts';

/** The values Go writes for fields nobody set: whether a field has one decides whether somebody owns it. */
const isZero = (value: Json): boolean =>
  value === null || value === '' || value === 0 || value === false || value === '0';

/**
 * A text that is the same for objects with the same fields, whatever their values are. None for one with a list: what is
 * owned of a list depends on its items.
 */
export function shapeOf(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return isZero(value) ? '0' : '1';
  if (Array.isArray(value)) return undefined;
  let shape = '{';
  for (const [field, item] of Object.entries(value)) {
    if (item === undefined) continue; // no field
    const below = shapeOf(item);
    if (below === undefined) return undefined;
    shape += `${JSON.stringify(field)}${below}`;
  }
  return `${shape}}`;
}
