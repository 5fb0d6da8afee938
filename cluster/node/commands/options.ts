/** Letters and words of a command line: `-rf a -- -b`. */
export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

interface Reading {
  readonly flags: Set<string>;
  readonly values: Map<string, string>;
  readonly withValue: string;
}

function readLong(arg: string, { flags, values }: Reading): void {
  const [name = '', ...value] = arg.slice(2).split('=');
  flags.add(name);
  if (arg.includes('=')) values.set(name, value.join('='));
}

/** Reads `-rf` or `-n5`; true when the next word belongs to it. */
function readShort(arg: string, next: string | undefined, { flags, values, withValue }: Reading): boolean {
  const at = [...arg].findIndex((letter, n) => n > 0 && withValue.includes(letter));
  for (const letter of at < 0 ? arg.slice(1) : arg.slice(1, at)) flags.add(letter);
  if (at < 0) return false;
  const own = arg.slice(at + 1);
  values.set(arg[at] ?? '', own || (next ?? ''));
  return own === '';
}

/** Reads short options (those in `withValue` take one) and `--long[=value]`. */
export function options(args: readonly string[], withValue = ''): Options {
  const reading: Reading = { flags: new Set(), values: new Map(), withValue };
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') return { ...reading, rest: [...rest, ...args.slice(i + 1)] };
    if (arg.startsWith('--')) readLong(arg, reading);
    else if (arg.length > 1 && arg.startsWith('-')) i += Number(readShort(arg, args[i + 1], reading));
    else rest.push(arg);
  }
  return { ...reading, rest };
}
