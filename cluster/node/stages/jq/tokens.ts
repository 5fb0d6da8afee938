export interface JqToken {
  readonly type: 'name' | 'field' | 'variable' | 'text' | 'number' | 'sign';
  readonly value: string;
  readonly at: number;
}

const pattern =
  /\s+|#[^\n]*|(?<field>\.[A-Za-z_]\w*)|(?<variable>\$[A-Za-z_]\w*)|(?<name>[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<text>"(?:[^"\\]|\\[^(])*")|(?<sign>\.\.|\?\/\/|\/\/=?|\|=|[=!<>]=|[+\-*/%]=|[.[\]{}()|,:;?=<>+\-*/%])/uy;

/** Cuts a jq expression into its words; fails with a sentence where it cannot be read. */
export function jqTokens(text: string): JqToken[] {
  const tokens: JqToken[] = [];
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new Error(notReadable(text, at));
    for (const [type, value] of Object.entries(match.groups ?? {}))
      if (value !== undefined) tokens.push({ type: type as JqToken['type'], value, at }); // the groups of the pattern
    at = pattern.lastIndex;
  }
  return tokens;
}

function notReadable(text: string, at: number): string {
  const why = text[at] === '"' ? ' (interpolation in texts is not supported)' : '';
  return `the jq expression ${JSON.stringify(text)} cannot be read from character ${at + 1} on${why}`;
}
