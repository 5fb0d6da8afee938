import type { ParameterExpansionPart, ParameterOperation, ParsedScript, Word, WordPart } from 'unbash';
import type { MemoryFiles } from '../files/memory-files.ts';
import { arithmetic } from './arithmetic.ts';
import { matchingPaths, patternSource } from './pattern.ts';
import { ShellExit, type ShellState } from './shell-state.ts';

/** What expansion needs of the shell around it. */
export interface ExpandSetting {
  readonly state: ShellState;
  readonly files: MemoryFiles;
  /** The output of `$(script)`. */
  readonly output: (script: ParsedScript) => Promise<string>;
}

/** A piece of a field; a pattern letter counts only where it was not quoted. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
}

/** Fields under construction: the last one is still open. */
class Fields {
  readonly done: Piece[][] = [];
  #open: Piece[] | undefined;

  add(text: string, quoted: boolean): void {
    if (text === '' && !quoted) return;
    (this.#open ??= []).push({ text, quoted });
  }

  /** Adds what an unquoted expansion gave: it falls apart at white space. */
  addSplit(text: string): void {
    const words = text.split(/[ \t\n]+/);
    words.forEach((word, i) => {
      if (i > 0) this.close();
      this.add(word, false);
    });
  }

  close(): void {
    if (this.#open) this.done.push(this.#open);
    this.#open = undefined;
  }
}

function special(name: string, { positional, lastStatus, options }: ShellState): string | undefined {
  const args = positional.slice(1);
  const values: Record<string, () => string> = {
    '?': () => String(lastStatus),
    '#': () => String(args.length),
    '@': () => args.join(' '),
    '*': () => args.join(' '),
    $: () => '7',
    '!': () => '',
    '-': () => [...options].join(''),
  };
  return values[name]?.() ?? (/^\d+$/.test(name) ? positional[Number(name)] : undefined);
}

function valueOf(name: string, state: ShellState): string | undefined {
  return special(name, state) ?? state.variables.get(name);
}

const isUnset = (operator: string, value: string | undefined): boolean =>
  value === undefined || (operator.startsWith(':') && value === '');

type Defaults = Extract<ParameterOperation, { type: 'Default' }>;

async function withDefault({ operator, operand }: Defaults, name: string, setting: ExpandSetting): Promise<string> {
  const value = valueOf(name, setting.state);
  const missing = isUnset(operator, value);
  if (operator.endsWith('+')) return missing ? '' : expandText(operand, setting);
  if (!missing) return value ?? '';
  const text = await expandText(operand, setting);
  if (operator.endsWith('?')) throw new ShellExit(1, `${name}: ${text || 'parameter not set'}`);
  if (operator.endsWith('=')) setting.state.variables.set(name, text);
  return text;
}

function removed(value: string, operator: string, pattern: string): string {
  const source = patternSource(pattern);
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => i);
  const shortestFirst = operator.length === 1 ? lengths : lengths.reverse();
  const isStart = operator.startsWith('#');
  const whole = new RegExp(`^${source}$`, 'u');
  const cut = shortestFirst.find((n) => whole.test(isStart ? value.slice(0, n) : value.slice(value.length - n)));
  if (cut === undefined) return value;
  return isStart ? value.slice(cut) : value.slice(0, value.length - cut);
}

async function operated(operation: ParameterOperation, name: string, setting: ExpandSetting): Promise<string> {
  if (operation.type === 'Default') return withDefault(operation, name, setting);
  const value = valueOf(name, setting.state) ?? '';
  if (operation.type === 'Remove')
    return removed(value, operation.operator, await expandText(operation.operand, setting));
  if (operation.type === 'Replace') {
    const source = patternSource(await expandText(operation.pattern, setting));
    const replacement = await expandText(operation.replacement, setting);
    return value.replace(new RegExp(source, operation.operator === '//' ? 'gu' : 'u'), () => replacement);
  }
  if (operation.type === 'Slice') {
    const start = Number(await expandText(operation.offset, setting));
    const length = operation.length && Number(await expandText(operation.length, setting));
    return value.slice(start, length === undefined ? undefined : start + length);
  }
  throw new ShellExit(2, `\${${name}…}: this simulated shell does not know the expansion`);
}

async function parameter(part: ParameterExpansionPart, setting: ExpandSetting): Promise<string> {
  const { parameter: name, operation } = part;
  const isLength = 'prefix' in part && part.prefix === '#';
  if (isLength) return String((valueOf(name, setting.state) ?? '').length);
  return operation ? operated(operation, name, setting) : plain(name, setting.state);
}

function plain(name: string, state: ShellState): string {
  const value = valueOf(name, state);
  if (value === undefined && state.options.has('u')) throw new ShellExit(2, `${name}: parameter not set`);
  return value ?? '';
}

/** The text of a part that stands for a value; undefined for one that stands for itself. */
async function expansion(part: WordPart, setting: ExpandSetting): Promise<string | undefined> {
  switch (part.type) {
    case 'SimpleExpansion':
      return plain(part.text.slice(1), setting.state);
    case 'ParameterExpansion':
      return parameter(part, setting);
    case 'CommandExpansion':
      return part.script ? (await setting.output(part.script)).replace(/\n+$/, '') : '';
    case 'ArithmeticExpansion':
      return part.expression ? String(arithmetic(part.expression, setting.state)) : '0';
    default:
      return undefined;
  }
}

function ownText(part: WordPart): { text: string; quoted: boolean } {
  if (part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') return { text: part.value, quoted: true };
  if (part.type === 'Literal') return { text: part.value, quoted: false };
  return { text: part.text, quoted: false };
}

async function addQuoted(parts: readonly WordPart[], fields: Fields, setting: ExpandSetting): Promise<void> {
  fields.add('', true);
  for (const part of parts) {
    if (part.text === '$@' || part.text === '${@}') {
      setting.state.positional.slice(1).forEach((one, i) => {
        if (i > 0) fields.close();
        fields.add(one, true);
      });
    } else fields.add((await expansion(part, setting)) ?? ownText(part).text, true);
  }
}

async function addPart(part: WordPart, fields: Fields, setting: ExpandSetting): Promise<void> {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') return addQuoted(part.parts, fields, setting);
  const text = await expansion(part, setting);
  if (text !== undefined) return fields.addSplit(text);
  const own = ownText(part);
  // What was escaped must not become a pattern again.
  fields.add(own.text, own.quoted || part.type === 'Literal');
}

const withHome = (text: string, state: ShellState): string =>
  /^~(?=\/|$)/.test(text) ? (state.variables.get('HOME') ?? '/root') + text.slice(1) : text;

function fieldTexts(pieces: readonly Piece[], { files, state }: ExpandSetting): string[] {
  const text = pieces.map((piece) => piece.text).join('');
  const isPattern = pieces.some((piece) => !piece.quoted && /[*?[]/.test(piece.text));
  if (!isPattern || state.options.has('f')) return [text];
  const pattern = pieces
    .map((piece) => (piece.quoted ? piece.text.replace(/[*?[\]\\]/g, '\\$&') : piece.text))
    .join('');
  const paths = matchingPaths(files, state.cwd, pattern);
  return paths.length > 0 ? paths : [text];
}

/** The fields that a word becomes: none, one or many. */
export async function expandWord(word: Word, setting: ExpandSetting): Promise<string[]> {
  if (!word.parts) return [withHome(word.value, setting.state)];
  const fields = new Fields();
  for (const part of word.parts) await addPart(part, fields, setting);
  fields.close();
  return fields.done.flatMap((pieces) => fieldTexts(pieces, setting));
}

/** The word as one text: for assignments, patterns and files. */
export async function expandText(word: Word, setting: ExpandSetting): Promise<string> {
  if (!word.parts) return withHome(word.value, setting.state);
  return expandParts(word.parts, setting);
}

export async function expandParts(parts: readonly WordPart[], setting: ExpandSetting): Promise<string> {
  const texts: string[] = [];
  for (const part of parts) {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString')
      texts.push(await expandParts(part.parts, setting));
    else texts.push((await expansion(part, setting)) ?? ownText(part).text);
  }
  return texts.join('');
}
