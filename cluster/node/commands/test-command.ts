import type { Command, CommandCall } from '../shell/shell-world.ts';

type Unary = (call: CommandCall, text: string) => boolean;

const unary: Readonly<Record<string, Unary>> = {
  '-z': (_call, text) => text === '',
  '-n': (_call, text) => text !== '',
  '-e': ({ world, path }, text) => world.files.find(path(text)) !== undefined,
  '-f': ({ world, path }, text) => world.files.find(path(text))?.is === 'file',
  '-d': ({ world, path }, text) => world.files.find(path(text))?.is === 'folder',
  '-L': ({ world, path }, text) => world.files.find(path(text), false)?.is === 'link',
  '-h': ({ world, path }, text) => world.files.find(path(text), false)?.is === 'link',
  '-r': ({ world, path }, text) => world.files.find(path(text)) !== undefined,
  '-w': ({ world, path }, text) => world.files.find(path(text)) !== undefined,
  '-x': ({ world, path }, text) => ((world.files.find(path(text))?.mode ?? 0) & 0o111) !== 0,
  '-s': ({ world, path }, text) => {
    const node = world.files.find(path(text));
    return node !== undefined && (node.is !== 'file' || node.size > 0);
  },
  '-t': () => false,
};

const binary: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '-eq': (a, b) => Number(a) === Number(b),
  '-ne': (a, b) => Number(a) !== Number(b),
  '-lt': (a, b) => Number(a) < Number(b),
  '-le': (a, b) => Number(a) <= Number(b),
  '-gt': (a, b) => Number(a) > Number(b),
  '-ge': (a, b) => Number(a) >= Number(b),
};

class SyntaxProblem extends Error {}

const negated = ([first]: readonly string[]): boolean => first === '!';

function shortClaim(call: CommandCall, words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  const check = unary[first];
  if (words.length === 2 && check) return check(call, second);
  if (words.length < 2) return first !== '';
  throw new SyntaxProblem(`${second || first}: unknown operand`);
}

/** One claim: up to three words, `!` before it. */
function claim(call: CommandCall, words: readonly string[]): boolean {
  const [first = '', second = '', third = ''] = words;
  const compare = binary[second];
  if (words.length === 3 && compare) return compare(first, third);
  return negated(words) && words.length > 1 ? !claim(call, words.slice(1)) : shortClaim(call, words);
}

/** `-a` binds closer than `-o`, as everywhere. */
function split(words: readonly string[], at: string): string[][] {
  const groups: string[][] = [[]];
  for (const [i, word] of words.entries()) {
    if (word === at && i > 0) groups.push([]);
    else groups.at(-1)?.push(word);
  }
  return groups;
}

/** `test` and `[`: 0 = true, 1 = false, 2 = not understood. */
export const test: Command = async (call) => {
  const isBracket = call.argv[0] === '[';
  const words = isBracket ? call.args.slice(0, -1) : call.args;
  try {
    if (isBracket && call.args.at(-1) !== ']') throw new SyntaxProblem('missing ]');
    const holds = split(words, '-o').some((group) => split(group, '-a').every((one) => claim(call, one)));
    return holds ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    await call.io.stderr.write(`sh: ${error.message}\n`);
    return 2;
  }
};
