/** Letters and words of a command line: `-rf a -- -b`. */
export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** Reads short options (those in `withValue` take one) and `--long[=value]`. */
export function options(args: readonly string[], withValue = ''): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', ...value] = arg.slice(2).split('=');
      flags.add(name);
      if (arg.includes('=')) values.set(name, value.join('='));
    } else if (arg.length > 1 && arg.startsWith('-')) {
      const at = [...arg].findIndex((letter, n) => n > 0 && withValue.includes(letter));
      for (const letter of at < 0 ? arg.slice(1) : arg.slice(1, at)) flags.add(letter);
      if (at > 0) values.set(arg[at] ?? '', arg.slice(at + 1) || (args[++i] ?? ''));
    } else rest.push(arg);
  }
  return { flags, values, rest };
}
