import { ApiError } from '@kit/base';
import type { Json } from '../schema/schema.ts';

const maxDepth = 10_000;

/** Parsed JSON, and the paths of keys that an object has twice (the last one counts). */
export interface Parsed {
  readonly value: Json;
  readonly duplicateFields: readonly string[];
}

/** Parses JSON. Throws `SyntaxError`, whose message is the one Go's parser has for the commonest mistakes. */
export function parseJson(text: string): Parsed {
  let value: Json;
  try {
    value = JSON.parse(text) as Json; // JSON has no other values
  } catch {
    throw new SyntaxError(goProblem(text));
  }
  return { value, duplicateFields: findDuplicates(text) };
}

interface Frame {
  readonly keys: Set<string> | undefined;
  readonly path: string;
  index: number;
  key: string;
}

/** A second, shallow pass over text that is known to be well-formed. */
function findDuplicates(text: string): string[] {
  const found: string[] = [];
  const stack: Frame[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;
  let expectKey = false;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    const top = stack.at(-1);
    if (token === '{' || token === '[') {
      const path = top ? placeOf(top) : '';
      stack.push({ keys: token === '{' ? new Set() : undefined, path, index: 0, key: '' });
      if (stack.length > maxDepth)
        throw new ApiError('BadRequest', `the object is nested more than ${maxDepth} levels deep`);
      expectKey = token === '{';
    } else if (token === '}' || token === ']') {
      stack.pop();
      expectKey = false;
    } else if (token === ',') {
      if (top) top.index += 1;
      expectKey = top?.keys !== undefined;
    } else if (expectKey && token.startsWith('"') && top?.keys) {
      top.key = JSON.parse(token) as string; // JSON has no other values
      if (top.keys.has(top.key)) found.push(placeOf(top));
      top.keys.add(top.key);
      expectKey = false;
    }
  }
  return found;
}

function placeOf({ keys, path, index, key }: Frame): string {
  if (!keys) return `${path}[${index}]`;
  return path ? `${path}.${key}` : key;
}

/** Go's words for why a text is not JSON. */
function goProblem(text: string): string {
  const position = firstBadPosition(text);
  if (position === undefined) return 'unexpected end of JSON input';
  const bad = text.slice(position, position + 1);
  return `invalid character ${JSON.stringify(bad).replace(/^"|"$/g, "'")} looking for beginning of value`;
}

function firstBadPosition(text: string): number | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
  } catch (error) {
    const message = String(error);
    if (/Unexpected end|Unterminated/.test(message)) return undefined;
    const at = /position (\d+)/.exec(message)?.[1];
    if (at !== undefined) return Number(at) >= text.length ? undefined : Number(at);
  }
  return text.search(/\S/);
}
