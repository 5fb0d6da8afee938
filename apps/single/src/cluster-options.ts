import { Type, type Static } from 'typebox';
import { ConfigError } from '@kit/base';
import { describeOptions, readArguments } from './arguments.ts';

/** What `freehold cluster` takes. */
const clusterOptionsSchema = Type.Object({
  data: Type.String({ default: './data', minLength: 1, description: 'folder that holds the cluster' }),
  memory: Type.Boolean({ default: false, description: 'keep nothing: the cluster is forgotten when it stops' }),
  host: Type.String({ default: '127.0.0.1', description: 'address to listen on' }),
  port: Type.Integer({ default: 0, minimum: 0, maximum: 65535, description: 'port of the API; 0 takes a free one' }),
  nodes: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1000, description: 'simulated nodes (default 3, with --engine 0)' }),
  ),
  engine: Type.Optional(
    Type.String({ minLength: 1, description: 'run pods as real containers: the socket of Docker or Podman, or auto' }),
  ),
  stages: Type.Optional(
    Type.String({ minLength: 1, description: 'YAML file of kwok Stages that say how pods and nodes behave' }),
  ),
  help: Type.Boolean({ default: false, description: 'show this text' }),
});

export type ClusterCommandOptions = Static<typeof clusterOptionsSchema>;

/** What to do, and with which file. */
export type ClusterAction =
  | { readonly verb: 'run' }
  | { readonly verb: 'backup'; readonly file: string }
  | { readonly verb: 'restore'; readonly file: string };

function readAction([verb, file]: readonly string[]): ClusterAction {
  if (verb === undefined) return { verb: 'run' };
  if (verb !== 'backup' && verb !== 'restore')
    throw new ConfigError([
      `"${verb}" is nothing a cluster can do; it is "backup FILE", "restore FILE", or nothing to run it`,
    ]);
  if (!file) throw new ConfigError([`${verb} needs the name of a file`]);
  return { verb, file };
}

/** The command line of `freehold cluster`; throws one `ConfigError` that names all that is wrong with it. */
export function readClusterOptions(args: readonly string[]): { options: ClusterCommandOptions; action: ClusterAction } {
  const { options, words } = readArguments(clusterOptionsSchema, args, { words: 2 });
  const action = readAction(words);
  if (options.memory && action.verb !== 'run')
    throw new ConfigError([`--memory keeps nothing, so there is nothing to ${action.verb}`]);
  return { options, action };
}

/** The text of `freehold cluster --help`. */
export function clusterHelpText(): string {
  return [
    'Usage: npx freehold cluster [options]                 runs the embedded Kubernetes alone',
    '       npx freehold cluster backup FILE [--data DIR]   writes it into a file, whether it runs or not',
    '       npx freehold cluster restore FILE [--data DIR]  makes a cluster of such a file',
    '',
    ...describeOptions(clusterOptionsSchema),
    '',
    'When it runs, one line "ready FILE" names a kubeconfig whose user may do anything.',
    '',
  ].join('\n');
}
