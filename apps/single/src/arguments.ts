import { parseArgs } from 'node:util';
import type { Static, TObject } from 'typebox';
import { ConfigError, readConfig } from '@kit/base';

interface Described {
  readonly type?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
}

function described(schema: TObject): (readonly [string, Described])[] {
  return Object.entries<Described>(schema.properties);
}

/** What a command line says by the options of a schema, and the words that belong to none; throws one `ConfigError` that names all that is wrong. */
export function readArguments<Schema extends TObject>(
  schema: Schema,
  args: readonly string[],
  { words = 0 } = {},
): { options: Static<Schema>; words: string[] } {
  const declared = Object.fromEntries(
    described(schema).map(([name, { type }]) => [
      name,
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: declared, strict: true, allowPositionals: words > 0 });
  } catch (cause) {
    throw new ConfigError([(cause as Error).message.split('. ')[0] ?? 'the command line cannot be read']); // parseArgs throws only errors
  }
  const [extra] = parsed.positionals.slice(words);
  if (extra !== undefined) throw new ConfigError([`"${extra}" is one word too many`]);
  return { options: readConfig(schema, parsed.values), words: parsed.positionals };
}

const operands: Readonly<Record<string, string>> = {
  data: 'DIR',
  kubeconfig: 'FILE',
  host: 'ADDRESS',
  port: 'N',
  engine: 'SOCKET',
  nodes: 'N',
  stages: 'FILE',
  context: 'NAME',
  redis: 'URL',
  redisPasswordFile: 'FILE',
};

/** One line of help for each option. */
export function describeOptions(schema: TObject): string[] {
  return described(schema).map(([name, { description = '', default: preset }]) => {
    const shown = [`--${name}`, operands[name]].filter(Boolean).join(' ');
    const note = preset === undefined || preset === false ? '' : ` (default ${preset})`;
    return `  ${shown.padEnd(20)} ${description}${note}`;
  });
}
