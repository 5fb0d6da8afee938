/** A template that is wrong, or fails as it runs; the message says where. */
export class TemplateError extends Error {}

/** A function of templates; short-circuiting ones are known to the evaluator. */
export type TemplateFunction = (...args: never[]) => unknown;
export type TemplateFunctions = Readonly<Record<string, TemplateFunction>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** What `if`, `with`, `and`, `or` and `not` hold for true: everything but the empty values. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The text of a value as templates print it. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  return inner(value);
}

function inner(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(inner).join(' ')}]`;
  if (value instanceof Date) return value.toISOString();
  if (!isRecord(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${key}:${inner(value[key])}`);
  return `map[${entries.join(' ')}]`;
}

type Verb = (value: unknown) => string;

const verbs: Record<string, Verb> = {
  v: inner,
  s: inner,
  d: (value) => String(Math.trunc(Number(value))),
  q: (value) => JSON.stringify(inner(value)),
  t: (value) => String(Boolean(value)),
  x: (value) => (typeof value === 'number' ? value.toString(16) : Buffer.from(inner(value)).toString('hex')),
  f: (value) => Number(value).toFixed(6),
  g: (value) => String(value),
};

/** `printf`: `%s %d %q %v %t %x %f %g %%`, with flags, width and precision. */
export function formatted(format: string, ...args: readonly unknown[]): string {
  let next = 0;
  return format.replace(/%([-+0 #]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g, (whole, ...groups: (string | undefined)[]) => {
    const [flags = '', width, precision, letter = ''] = groups;
    if (letter === '%') return '%';
    const verb = verbs[letter];
    if (!verb) throw new TemplateError(`printf has no ${whole}`);
    if (next >= args.length) return `%!${letter}(MISSING)`;
    const value = args[next++];
    const fixed = letter === 'f' && precision !== undefined;
    const text = fixed ? Number(value).toFixed(Number(precision)) : verb(value);
    return padded(text, Number(width ?? 0), flags);
  });
}

function padded(text: string, width: number, flags: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  return text.padStart(width, flags.includes('0') ? '0' : ' ');
}
