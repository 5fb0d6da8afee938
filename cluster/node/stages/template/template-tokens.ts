import { TemplateError } from './template-value.ts';

/** Text between actions, or what stands inside the braces of one. */
export type TemplatePart =
  { readonly text: string } | { readonly action: readonly TemplateToken[]; readonly line: number };

export interface TemplateToken {
  readonly type: 'field' | 'variable' | 'name' | 'number' | 'text' | 'sign';
  readonly value: string;
  /** White space stands before it: `f .a` and `f.a` differ. */
  readonly spaced: boolean;
}

const word =
  /(?<field>\.[A-Za-z_]\w*)|(?<variable>\$\w*)|(?<number>[+-]?(?:0[xX][\da-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?))|(?<name>[A-Za-z_]\w*)|(?<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')|(?<sign>:=|[.=|(),])/uy;

function unquoted(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  try {
    return JSON.parse(text.replace(/\\'/g, "'")) as string; // a text in double quotes
  } catch {
    throw new TemplateError(`${text} is a text this template language does not know`);
  }
}

function tokenOf(match: RegExpExecArray, spaced: boolean): TemplateToken {
  const groups = Object.entries(match.groups ?? {});
  const [type = 'sign', value = ''] = groups.find(([, text]) => text !== undefined) ?? [];
  if (type !== 'text') return { type: type as TemplateToken['type'], value, spaced }; // a group of the pattern
  if (!value.startsWith("'")) return { type: 'text', value: unquoted(value), spaced };
  const letter = unquoted(`"${value.slice(1, -1)}"`);
  return { type: 'number', value: String(letter.codePointAt(0)), spaced };
}

const lineAt = (source: string, at: number): number => source.slice(0, at).split('\n').length;

class Scanner {
  readonly #source: string;
  readonly #parts: TemplatePart[] = [];
  #at = 0;
  #trimNext = false;

  constructor(source: string) {
    this.#source = source;
  }

  parts(): TemplatePart[] {
    for (;;) {
      const open = this.#source.indexOf('{{', this.#at);
      if (open < 0) {
        this.#pushText(this.#source.slice(this.#at));
        return this.#parts;
      }
      const trims = /^-\s/.test(this.#source.slice(open + 2, open + 4));
      const text = this.#source.slice(this.#at, open);
      this.#pushText(trims ? text.trimEnd() : text);
      this.#at = open + (trims ? 3 : 2);
      this.#action(lineAt(this.#source, open));
    }
  }

  #pushText(text: string): void {
    const kept = this.#trimNext ? text.trimStart() : text;
    this.#trimNext = false;
    if (kept) this.#parts.push({ text: kept });
  }

  #action(line: number): void {
    const comment = /\s*\/\*[\s\S]*?\*\/\s*(-?)\}\}/y;
    comment.lastIndex = this.#at;
    const found = comment.exec(this.#source);
    if (found) {
      this.#at = comment.lastIndex;
      this.#trimNext = found[1] === '-';
      return;
    }
    this.#parts.push({ action: this.#tokens(line), line });
  }

  #tokens(line: number): TemplateToken[] {
    const tokens: TemplateToken[] = [];
    for (;;) {
      const start = this.#at;
      while (/\s/.test(this.#source[this.#at] ?? '')) this.#at++;
      const spaced = this.#at > start;
      if (this.#closes(spaced)) return tokens;
      word.lastIndex = this.#at;
      const match = word.exec(this.#source);
      if (!match) throw new TemplateError(`line ${line}: an action is not closed or holds what no template knows`);
      tokens.push(tokenOf(match, spaced));
      this.#at = word.lastIndex;
    }
  }

  #closes(spaced: boolean): boolean {
    if (this.#source.startsWith('}}', this.#at)) {
      this.#at += 2;
      return true;
    }
    if (!spaced || !this.#source.startsWith('-}}', this.#at)) return false;
    this.#at += 3;
    this.#trimNext = true;
    return true;
  }
}

/** Cuts a template into texts and actions, white space trimmed where `{{-` and `-}}` say so. */
export function templateParts(source: string): TemplatePart[] {
  return new Scanner(source).parts();
}
