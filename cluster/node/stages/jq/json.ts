/** What jq works on: JSON. */
export type Json = unknown;

/** A filter in which something fails as it runs; as with kwok, nothing is found then. */
export class JqError extends Error {}

/** One input, no, one or many outputs. `variables` are those of `as $name`. */
export type Filter = (input: Json, variables: Variables) => Json[];
export type Variables = ReadonlyMap<string, Json>;

export function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeOf(value: Json): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

export const isTrue = (value: Json): boolean => value !== false && value !== null && value !== undefined;

const typeOrder = ['null', 'boolean', 'number', 'string', 'array', 'object'];
const sign = (a: string | number, b: string | number): number => (a < b ? -1 : Number(a > b));

/** The order of all values: first by their type. */
export function compare(left: Json, right: Json): number {
  const type = typeOf(left);
  const byType = typeOrder.indexOf(type) - typeOrder.indexOf(typeOf(right));
  if (byType !== 0 || type === 'null') return byType;
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right);
  if (isRecord(left) && isRecord(right)) return compareRecords(left, right);
  if (type === 'boolean') return Number(left) - Number(right);
  return sign(left as string | number, right as string | number); // both are of this type
}

function compareLists(left: readonly Json[], right: readonly Json[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compare(left[index], right[index]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareRecords(left: Record<string, Json>, right: Record<string, Json>): number {
  const names = Object.keys(left).sort();
  const order = compareLists(names, Object.keys(right).sort());
  return order === 0
    ? compareLists(
        names.map((name) => left[name]),
        names.map((name) => right[name]),
      )
    : order;
}
