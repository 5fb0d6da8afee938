import { parseArgs } from 'node:util';
import { Type, type Static } from 'typebox';
import { ConfigError, readConfig } from '@kit/base';

/** What `npm start -- …` takes. Every setting has a default that works on a fresh machine. */
export const optionsSchema = Type.Object({
  host: Type.String({
    default: '127.0.0.1',
    description: 'address to listen on; anything but loopback is reachable by others',
  }),
  port: Type.Integer({
    default: 30880,
    minimum: 0,
    maximum: 65535,
    description: 'port of the console and the API; 0 takes a free one',
  }),
  data: Type.String({ default: './data', minLength: 1, description: 'folder that holds everything Freehold keeps' }),
  nodes: Type.Integer({
    default: 3,
    minimum: 1,
    maximum: 1000,
    description: 'simulated nodes of the embedded Kubernetes',
  }),
  kubeconfig: Type.Optional(
    Type.String({ minLength: 1, description: 'run on the cluster of this file instead of the embedded one' }),
  ),
  context: Type.Optional(
    Type.String({ minLength: 1, description: 'context of the kubeconfig; default: its current one' }),
  ),
  uninstall: Type.Boolean({
    default: false,
    description: 'with --kubeconfig: take Freehold off the cluster, leave every workload, and end',
  }),
  reset: Type.Boolean({ default: false, description: 'delete the data folder first' }),
  verbose: Type.Boolean({ default: false, description: 'log every request to standard error' }),
  help: Type.Boolean({ default: false, description: 'show this text' }),
  version: Type.Boolean({ default: false, description: 'show the version' }),
});

export type Options = Static<typeof optionsSchema>;

interface Described {
  readonly type?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
}

const described = Object.entries<Described>(optionsSchema.properties);

/** The options of a command line; throws one `ConfigError` that names all that is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const declared = Object.fromEntries(
    described.map(([name, { type }]) => [
      name,
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args: [...args], options: declared, strict: true }));
  } catch (cause) {
    throw new ConfigError([(cause as Error).message.split('. ')[0] ?? 'the command line cannot be read']); // parseArgs throws only errors
  }
  const options = readConfig(optionsSchema, values);
  if (options.uninstall && !options.kubeconfig)
    throw new ConfigError([
      '--uninstall needs --kubeconfig FILE: the embedded cluster ends with its data folder (--reset)',
    ]);
  if (options.context && !options.kubeconfig) throw new ConfigError(['--context needs --kubeconfig FILE']);
  return options;
}

const operands: Readonly<Record<string, string>> = {
  data: 'DIR',
  kubeconfig: 'FILE',
  host: 'ADDRESS',
  port: 'N',
  nodes: 'N',
  context: 'NAME',
};

/** The text of `--help`, made from the schema. */
export function helpText(): string {
  const rows = described.map(([name, { description = '', default: preset }]) => {
    const shown = [`--${name}`, operands[name]].filter(Boolean).join(' ');
    const note = preset === undefined || preset === false ? '' : ` (default ${preset})`;
    return `  ${shown.padEnd(20)} ${description}${note}`;
  });
  return ['Usage: npm start -- [options]', '', ...rows, ''].join('\n');
}
