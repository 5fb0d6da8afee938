import type { FilterDef } from './column.ts';

export interface ParsedFilter {
  readonly search: string;
  readonly tokens: Readonly<Record<string, string>>;
  /** `token:value` with a token that this list does not know. */
  readonly unknown: readonly string[];
}

const tokenPattern = /^([a-z][\w-]*):(.+)$/i;

function valueOf(def: FilterDef, typed: string): string {
  const match = def.values?.find(
    ({ value, label }) => value.toLowerCase() === typed.toLowerCase() || label.toLowerCase() === typed.toLowerCase(),
  );
  return match?.value ?? typed;
}

/** Reads what was typed into a filter field: `status:failing label:app=web checkout`. */
export function parseFilter(text: string, filters: readonly FilterDef[]): ParsedFilter {
  const tokens: Record<string, string> = {};
  const words: string[] = [];
  const unknown: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const match = tokenPattern.exec(word);
    if (!match) {
      words.push(word);
      continue;
    }
    const [, token = '', value = ''] = match;
    const def = filters.find((filter) => filter.token === token.toLowerCase());
    if (def) tokens[def.token] = valueOf(def, value);
    else unknown.push(word);
  }
  return { search: words.join(' '), tokens, unknown };
}

/** What may be completed after what is typed: tokens first, then the values of the token being typed. */
export function completions(text: string, filters: readonly FilterDef[]): readonly { insert: string; label: string }[] {
  const last = text.split(/\s+/).at(-1) ?? '';
  const [token = '', typed] = last.split(':');
  if (typed === undefined) {
    return filters
      .filter((filter) => filter.token.startsWith(token.toLowerCase()))
      .map(({ token: name, label }) => ({ insert: `${name}:`, label }));
  }
  const def = filters.find((filter) => filter.token === token.toLowerCase());
  const matching = (def?.values ?? []).filter(({ value, label }) =>
    `${value} ${label}`.toLowerCase().includes(typed.toLowerCase()),
  );
  return matching.map(({ value, label }) => ({ insert: `${token}:${value} `, label }));
}
