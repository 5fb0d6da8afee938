import type { Schema } from '../schema/schema.ts';

const step = /\.([^.[\]]*)|\['((?:[^'\\]|\\.)*)'\]/y;
const escapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * Where a rule says that its fault is, `.spec.name` or `['a key']`, as messages show it: `.spec.name`, `[a key]`.
 * Undefined when the schema has no such place.
 */
export function readFieldPath(path: string, root: Schema): string | undefined {
  let schema: Schema | undefined = root;
  let shown = '';
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    const name = found?.[1] ?? found?.[2]?.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
    if (!schema || name === undefined || name === '') return undefined;
    const { properties, additionalProperties: more } = schema; // the loop's own value
    if (properties) shown += shown === '' ? name : `.${name}`;
    else shown += `[${name}]`;
    schema = properties ? properties[name] : typeof more === 'object' ? more : undefined;
    if (!schema) return undefined;
  }
  return shown === '' ? undefined : shown;
}
