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
  /** Of an object; a list has none. */
  readonly keys: Set<string> | undefined;
  readonly path: string;
  index: number;
  key: string;
  expectsKey: boolean;
}

/** A second, shallow pass over text that is known to be well-formed. */
function findDuplicates(text: string): string[] {
  const found: string[] = [];
  const stack: Frame[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],]/gs;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    const top = stack.at(-1);
    if (token === '{' || token === '[') stack.push(openFrame(token, top, stack.length));
    else if (token === '}' || token === ']') stack.pop();
    else if (token === ',') nextMember(top);
    else if (top?.expectsKey) takeKey(top, token, found);
  }
  return found;
}

function openFrame(token: string, around: Frame | undefined, depth: number): Frame {
  if (depth >= maxDepth) throw new ApiError('BadRequest', `the object is nested more than ${maxDepth} levels deep`);
  const isObject = token === '{';
  const path = around ? placeOf(around) : '';
  return { keys: isObject ? new Set() : undefined, path, index: 0, key: '', expectsKey: isObject };
}

function nextMember(frame: Frame | undefined): void {
  if (!frame) return;
  frame.index += 1;
  frame.expectsKey = frame.keys !== undefined;
}

function takeKey(frame: Frame, token: string, found: string[]): void {
  frame.key = JSON.parse(token) as string; // the token is a text
  frame.expectsKey = false;
  if (frame.keys?.has(frame.key)) found.push(placeOf(frame));
  frame.keys?.add(frame.key);
}

function placeOf({ keys, path, index, key }: Frame): string {
  if (!keys) return `${path}[${index}]`;
  return path ? `${path}.${key}` : key;
}

/** Go's words for why a text is not JSON. */
function goProblem(text: string): string {
  const position = firstBadPosition(text);
  if (position === undefined) return 'unexpected end of JSON input';
  const bad = JSON.stringify(text.slice(position, position + 1))
    .replace(/^"|"$/g, "'")
    .replace('\\u00', '\\x');
  return `invalid character ${bad} looking for beginning of value`;
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
