import { ApiError } from '@kit/base';
import type { Position } from '../row-order.ts';

/** Where a list goes on: behind this row, in this order. */
export interface Continuation extends Position {
  readonly sortBy: string;
  readonly ascending: boolean;
}

/** A token for the caller to give back; it says only what the caller has already seen. */
export function continueToken({ sortBy, ascending, key, row }: Continuation): string {
  return Buffer.from(JSON.stringify([1, sortBy, ascending, key, row.name, row.namespace])).toString('base64url');
}

/** Reads a token back, and refuses one of another list: a place in one order is none in another. */
export function readContinueToken(
  token: string,
  list: { readonly sortBy: string; readonly ascending: boolean },
): Continuation {
  const parts = partsOf(token);
  if (!parts) throw new ApiError('BadRequest', 'continue: this is not a token that a list has given out');
  const [, sortBy, ascending, key, name, namespace] = parts;
  if (sortBy !== list.sortBy || ascending !== list.ascending)
    throw new ApiError(
      'BadRequest',
      `continue: this token goes on with a list sorted by ${sortBy}; ask for that order`,
    );
  return { sortBy, ascending, key, row: { name, namespace } };
}

type Parts = [version: 1, sortBy: string, ascending: boolean, key: string | number, name: string, namespace: string];
const types = ['number', 'string', 'boolean', undefined, 'string', 'string'];

function partsOf(token: string): Parts | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!Array.isArray(parts) || parts.length !== types.length || parts[0] !== 1) return undefined;
    const list: unknown[] = parts;
    const fits = list.every(
      (part, at) => typeof part === (types[at] ?? (typeof part === 'number' ? 'number' : 'string')),
    );
    return fits ? (parts as Parts) : undefined; // each part has just been looked at
  } catch {
    return undefined; // whatever else it is, it is no token
  }
}
