import { RE2JS } from 're2js';
import type { Command, CommandCall, CommandTable } from '../shell/shell-world.ts';
import { inputFiles, linesOf, type NamedInput, textOf } from './input-files.ts';
import { type Options, options } from './options.ts';

/** Basic expressions mean their braces and bars literally unless they are escaped; extended ones the other way round. */
function toExtended(pattern: string): string {
  return pattern.replace(/\\([(){}|+?])|([(){}|+?])/g, (_whole, escaped: string | undefined, bare: string) =>
    escaped ? escaped : `\\${bare}`,
  );
}

/** RE2: the pattern comes from the user, and takes time linear in the text. */
function compile(
  pattern: string,
  { fixed, extended, ignoreCase }: { fixed: boolean; extended: boolean; ignoreCase: boolean },
): RE2JS {
  const source = fixed ? RE2JS.quote(pattern) : extended ? pattern : toExtended(pattern);
  return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
}

interface Finder {
  readonly matches: (line: string) => boolean;
  readonly flags: ReadonlySet<string>;
  readonly showName: boolean;
  readonly most: number;
}

function printed(
  { flags, showName }: Finder,
  { name, line }: { name: string; line: string },
  lineNumber: number,
): string {
  return `${showName ? `${name}:` : ''}${flags.has('n') ? `${lineNumber}:` : ''}${line}\n`;
}

function finderOf(
  { argv }: CommandCall,
  { flags, values, rest }: Options,
): Finder & { readonly names: readonly string[] } {
  const [first = '', ...others] = rest;
  const names = values.has('e') ? rest : others;
  const expression = compile(values.get('e') ?? first, {
    fixed: flags.has('F') || argv[0] === 'fgrep',
    extended: flags.has('E') || flags.has('P') || argv[0] === 'egrep',
    ignoreCase: flags.has('i'),
  });
  const isMatch = (line: string): boolean =>
    flags.has('x') ? expression.matches(line) : expression.matcher(line).find();
  return {
    flags,
    names,
    showName: names.length > 1 && !flags.has('h'),
    most: Number(values.get('m') ?? Infinity),
    matches: (line) => isMatch(line) !== flags.has('v'),
  };
}

/** Prints what is found; answers how many lines that were. */
async function printMatches(call: CommandCall, finder: Finder, inputs: readonly NamedInput[]): Promise<number> {
  const { flags } = finder;
  let found = 0;
  let lineNumber = 0;
  for await (const entry of linesOf(inputs)) {
    lineNumber++;
    if (!finder.matches(entry.line)) continue;
    found++;
    if (flags.has('q')) break;
    if (flags.has('l')) {
      await call.io.stdout.write(`${entry.name}\n`);
      break;
    }
    if (!flags.has('c')) await call.io.stdout.write(printed(finder, entry, lineNumber));
    if (found >= finder.most) break;
  }
  return found;
}

const grep: Command = async (call) => {
  const finder = finderOf(call, options(call.args, 'em'));
  const { inputs, failed } = await inputFiles(call, finder.names);
  const found = await printMatches(call, finder, inputs);
  if (finder.flags.has('c')) await call.io.stdout.write(`${found}\n`);
  if (failed) return 2;
  return found > 0 ? 0 : 1;
};

type Edit = (line: string, at: { number: number; isLast: boolean }) => string | undefined;

function substitution(script: string, extended: boolean): Edit | undefined {
  const mark = script[1] ?? '/';
  const parts = script.slice(2).split(new RegExp(`(?<!\\\\)\\${mark}`));
  const [pattern, replacement, letters = ''] = parts;
  if (script[0] !== 's' || pattern === undefined || replacement === undefined) return undefined;
  const expression = compile(pattern.replaceAll(`\\${mark}`, mark), {
    fixed: false,
    extended,
    ignoreCase: /i/i.test(letters),
  });
  const into = replacement
    .replaceAll(`\\${mark}`, mark)
    .replaceAll('$', '\\$')
    .replace(/(?<!\\)&/g, '$0')
    .replace(/\\(\d)/g, '$$$1')
    .replace(/\\n/g, '\n');
  return (line) =>
    letters.includes('g') ? expression.matcher(line).replaceAll(into) : expression.matcher(line).replaceFirst(into);
}

function addressed(script: string, extended: boolean): Edit | undefined {
  const [, from = '', to, pattern, command = ''] =
    /^(?:(\d+|\$)(?:,(\d+|\$))?|\/((?:[^/\\]|\\.)+)\/)?([dp]|s.*)$/s.exec(script) ?? [];
  const edit = command.startsWith('s') ? substitution(command, extended) : undefined;
  if (command === '' || (command.startsWith('s') && !edit)) return undefined;
  const expression =
    pattern === undefined ? undefined : compile(pattern, { fixed: false, extended, ignoreCase: false });
  const isMeant: (line: string, at: { number: number; isLast: boolean }) => boolean = (line, { number, isLast }) => {
    if (expression) return expression.matcher(line).find();
    if (from === '') return true;
    const bound = (text: string): number => (text === '$' ? (isLast ? number : Infinity) : Number(text));
    return to === undefined ? number === bound(from) : number >= bound(from) && (to === '$' || number <= Number(to));
  };
  return (line, at) => {
    if (!isMeant(line, at)) return command === 'p' ? undefined : line;
    if (command === 'd') return undefined;
    return edit ? edit(line, at) : line;
  };
}

const sed: Command = async (call) => {
  const { flags, values, rest } = options(call.args, 'e');
  const [first = '', ...others] = rest;
  const scripts = (values.get('e') ?? first).split(/;(?![^/]*\/[^/]*$)/).map((one) => one.trim());
  const names = values.has('e') ? rest : others;
  const edits = scripts.map((script) => addressed(script, flags.has('E') || flags.has('r')));
  if (edits.some((edit) => edit === undefined)) {
    await call.io.stderr.write('sed: this simulated sed knows s///, d and p with simple addresses only\n');
    return 1;
  }
  const edited = (text: string): string => {
    const lines = text.replace(/\n$/, '').split('\n');
    const kept = lines.flatMap((line, i) => {
      const at = { number: i + 1, isLast: i === lines.length - 1 };
      const result = edits.reduce<string | undefined>((now, edit) => (now === undefined ? now : edit?.(now, at)), line);
      return result === undefined ? [] : [`${result}\n`];
    });
    return text === '' ? '' : kept.join('');
  };
  if (flags.has('i')) {
    for (const name of names)
      call.world.files.write(call.path(name), edited(call.world.files.read(call.path(name)).toString()));
    return 0;
  }
  const { inputs, failed } = await inputFiles(call, names);
  await call.io.stdout.write(edited(await textOf(inputs)));
  return failed ? 1 : 0;
};

export const matchCommands: CommandTable = { grep, egrep: grep, fgrep: grep, sed };
