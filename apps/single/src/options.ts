import { Type, type Static } from 'typebox';
import { ConfigError } from '@kit/base';
import { describeOptions, readArguments } from './arguments.ts';

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
  engine: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'add a node that runs pods as real containers: the socket of Docker or Podman, or auto',
    }),
  ),
  kubeconfig: Type.Optional(
    Type.String({ minLength: 1, description: 'run on the cluster of this file instead of the embedded one' }),
  ),
  context: Type.Optional(
    Type.String({ minLength: 1, description: 'context of the kubeconfig; default: its current one' }),
  ),
  admissionHost: Type.Optional(
    Type.String({ minLength: 1, description: 'with --kubeconfig: address at which that cluster reaches this machine' }),
  ),
  admissionPort: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 65535, description: 'with --admissionHost: the port; default: a free one' }),
  ),
  redis: Type.Optional(
    Type.String({
      pattern: '^rediss?://',
      description: 'share sessions with others on the same cluster: redis://HOST:PORT, or rediss:// for TLS',
    }),
  ),
  redisPasswordFile: Type.Optional(
    Type.String({ minLength: 1, description: 'with --redis: the file that holds its password' }),
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

/** The options of a command line; throws one `ConfigError` that names all that is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  const { options } = readArguments(optionsSchema, args);
  if (options.uninstall && !options.kubeconfig)
    throw new ConfigError([
      '--uninstall needs --kubeconfig FILE: the embedded cluster ends with its data folder (--reset)',
    ]);
  checkRedis(options);
  if (options.context && !options.kubeconfig) throw new ConfigError(['--context needs --kubeconfig FILE']);
  return options;
}

/** A password on a command line is seen by everybody on the machine. */
function checkRedis({ redis, redisPasswordFile }: Options): void {
  if (redisPasswordFile && !redis) throw new ConfigError(['--redisPasswordFile needs --redis URL']);
  if (redis && (!URL.canParse(redis) || new URL(redis).password !== ''))
    throw new ConfigError(['--redis is an address without a password; put that into a file: --redisPasswordFile FILE']);
}

/** The text of `--help`, made from the schema. */
export function helpText(): string {
  const others = ['  npx freehold cluster --help tells about the embedded Kubernetes alone, its backups included', ''];
  return ['Usage: npm start -- [options]', '', ...describeOptions(optionsSchema), '', ...others].join('\n');
}
