import type { Schema } from '../schema/schema.ts';

const step = /\.([^.[\]]*)|\['((?:[^'\\]|\\.)*)'\]/y;
const escapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * Where a rule says that its fault is, `.spec.name` or `['a key']`, as messages show it: `.spec.name`, `[a key]`.
 * Undefined when the schema has no such place.
 */
export function readFieldPath(path: string, root: Schema): string | undefined {
  const names = namesIn(path);
  if (!names || names.length === 0) return undefined;
  let schema = root;
  let shown = '';
  for (const name of names) {
    shown += schema.properties ? `${shown === '' ? '' : '.'}${name}` : `[${name}]`;
    const next = below(schema, name);
    if (!next) return undefined;
    schema = next;
  }
  return shown;
}

function below({ properties, additionalProperties: more }: Schema, name: string): Schema | undefined {
  if (properties) return properties[name];
  return typeof more === 'object' ? more : undefined;
}

function namesIn(path: string): string[] | undefined {
  const names: string[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const [, plain, quoted] = step.exec(path) ?? [];
    const name = plain ?? quoted?.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
    if (!name) return undefined;
    names.push(name);
  }
  return names;
}
