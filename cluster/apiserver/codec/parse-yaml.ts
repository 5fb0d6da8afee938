import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import { ApiError } from '@kit/base';
import type { Json } from '../schema/schema.ts';
import type { Parsed } from './parse-json.ts';

const maxAliases = 100;

/** Parses one YAML document as Kubernetes reads it (YAML 1.1 scalars, text keys). Throws `BadRequest`. */
export function parseYaml(text: string): Parsed {
  const lineCounter = new LineCounter();
  const document = readDocument(text, lineCounter);
  const [error] = document.errors;
  if (error) {
    const { line } = lineCounter.linePos(error.pos[0]);
    throw new ApiError(
      'BadRequest',
      `error converting YAML to JSON: yaml: line ${line}: ${error.message.split('\n')[0]}`,
    );
  }
  try {
    const value = plain(document.toJS({ maxAliasCount: maxAliases }));
    return { value, duplicateFields: duplicates(document.contents, '') };
  } catch (cause) {
    throw new ApiError('BadRequest', 'error converting YAML to JSON: too many aliases', { cause });
  }
}

function readDocument(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, {
      version: '1.1',
      schema: 'yaml-1.1',
      uniqueKeys: false,
      lineCounter,
      merge: true,
      prettyErrors: false, // an excerpt for each of thousands of errors takes seconds; only the first is told
    });
  } catch (cause) {
    // The parser reports what it finds; it throws only when what it is given is nested deeper than its stack.
    throw new ApiError('BadRequest', 'error converting YAML to JSON: the document is nested too deeply', { cause });
  }
}

/** YAML has dates and non-text keys that JSON has not. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json; // JSON has no other values
}

function duplicates(node: Node | null, path: string): string[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => duplicates(item as Node, `${path}[${index}]`)); // items of a parsed collection are nodes
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : String(key);
    const place = path ? `${path}.${name}` : name;
    const again = seen.has(name) ? [place] : [];
    seen.add(name);
    return [...again, ...(isAlias(value) ? [] : duplicates(value as Node | null, place))]; // items of a parsed collection are nodes
  });
}
