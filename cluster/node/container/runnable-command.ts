import { type ParsedScript, parse } from 'unbash';
import type { ContainerSpec } from '../../reconcile/pod.ts';

/** Commands whose whole effect the shell in memory can stand for: what they print, their time and their exit code. */
const plain = new Set(
  (
    ': [ [[ basename break cat cd continue cp cut date dirname echo env eval exit export expr false grep head hostname ' +
    'id local ls mkdir mktemp mv printenv printf pwd read readonly return rm rmdir sed seq set shift sleep sort tee ' +
    'test touch tr true uname uniq unset wait wc whoami'
  ).split(' '),
);

const shells = new Set(['sh', 'bash', 'ash', 'dash']);

/** The words a container starts with. */
export const commandOf = ({ command = [], args = [] }: ContainerSpec): readonly string[] => [...command, ...args];

const known = new WeakMap<ContainerSpec, boolean>();

/** Whether the container's command is one that is really run, so that its log and its exit code are its own. */
export function isRunnable(container: ContainerSpec): boolean {
  const before = known.get(container);
  if (before !== undefined) return before;
  const answer = !container.stdin && isPlain(commandOf(container));
  known.set(container, answer);
  return answer;
}

function isPlain([program = '', ...args]: readonly string[]): boolean {
  const name = /^(\/usr)?\/bin\//.test(program) ? program.slice(program.lastIndexOf('/') + 1) : program;
  if (!shells.has(name)) return plain.has(name);
  const [flags = '', script] = args;
  return /^-[eux]*c$/.test(flags) && script !== undefined && isPlainScript(script);
}

function isPlainScript(script: string): boolean {
  let parsed: ParsedScript;
  try {
    parsed = parse(script);
  } catch {
    return false;
  }
  if (parsed.errors && parsed.errors.length > 0) return false;
  if (!substitutionsIn(script).every(isPlainScript)) return false;
  const nodes = nodesOf(parsed);
  const functions = new Set(nodes.filter(({ type }) => type === 'Function').map(({ name }) => textOf(name)));
  return nodes.every(({ type, name }) => {
    if (type !== 'Command' || name === undefined) return true;
    return plain.has(textOf(name)) || functions.has(textOf(name));
  });
}

/** What stands in `$( )` and in backquotes: the parser gives the words around it as they are written. */
function substitutionsIn(script: string): string[] {
  const found = [...script.matchAll(/`([^`]*)`/g)].map(([, inner = '']) => inner);
  for (const { index } of script.matchAll(/\$\((?!\()/g)) {
    let depth = 1;
    let end = index + 2;
    for (; end < script.length && depth > 0; end++) depth += script[end] === '(' ? 1 : script[end] === ')' ? -1 : 0;
    found.push(script.slice(index + 2, end - 1));
  }
  return found;
}

interface AnyNode {
  readonly type?: unknown;
  readonly name?: unknown;
}

/** Every node of a script, wherever it stands. */
function nodesOf(value: unknown): AnyNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

/** A name that is only known when the script runs is none of the known ones. */
function textOf(name: unknown): string {
  const isWord = typeof name === 'object' && name !== null && 'text' in name;
  return isWord && typeof name.text === 'string' ? name.text : String(name);
}
