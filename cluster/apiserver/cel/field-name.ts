const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** What a property with a name of the language itself is called; after a dot it can be said as it is, too. */
export function reservedName(word: string): string {
  return reserved.has(word) ? `__${word}__` : word;
}

/** What a property is called in an expression; undefined when it cannot be named. */
export function fieldName(property: string): string | undefined {
  if (reserved.has(property)) return reservedName(property);
  if (!/^[a-zA-Z_./-][a-zA-Z0-9_./-]*$/.test(property)) return undefined;
  return property.replace(/__|[./-]/g, (found) => escapes[found] ?? found);
}
