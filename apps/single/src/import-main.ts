import { readFileSync } from 'node:fs';
import {
  gemsTablesOf,
  importKubeGems,
  importKubeSphere,
  readGemsApi,
  reportText,
  type GemsTables,
} from '@feature/tenancy/server';
import { ConfigError, createLogger, systemClock } from '@kit/base';
import { createKubeClient, type KubeClient } from '@kit/kube';
import { Type, type Static } from 'typebox';
import { describeOptions, readArguments } from './arguments.ts';
import { readKubeconfigFile } from './kubeconfig-file.ts';

const schema = Type.Object({
  kubeconfig: Type.Optional(
    Type.String({ minLength: 1, description: 'kubesphere: the cluster that KubeSphere 3.4 runs on' }),
  ),
  dump: Type.Optional(Type.String({ minLength: 1, description: 'kubegems: a MySQL dump of its database' })),
  server: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'kubegems, instead of a dump: where its API answers' }),
  ),
  'token-file': Type.Optional(
    Type.String({ minLength: 1, description: 'kubegems: a file with a token of a system administrator' }),
  ),
  cluster: Type.Optional(
    Type.String({ minLength: 1, description: 'kubegems: its name for the cluster to write to, where it runs several' }),
  ),
  into: Type.Optional(
    Type.String({ minLength: 1, description: 'kubeconfig of the cluster to write to; default: the one read from' }),
  ),
  'dry-run': Type.Boolean({ default: false, description: 'only say what would be done' }),
  help: Type.Boolean({ default: false, description: 'show this text' }),
});

type Options = Static<typeof schema>;

/** The text of `freehold import --help`. */
export function importHelp(): string {
  return ['Usage: npx freehold import kubesphere|kubegems -- [options]', '', ...describeOptions(schema), ''].join('\n');
}

function clientOf(file: string): KubeClient {
  return createKubeClient(readKubeconfigFile(file), { log: createLogger({ level: 'warn' }), clock: systemClock });
}

async function fromKubeSphere(kubeconfig: string, into: string, dryRun: boolean): Promise<string> {
  const from = clientOf(kubeconfig);
  const to = clientOf(into);
  try {
    return reportText(await importKubeSphere({ from, to, dryRun }), dryRun);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}

/** What a KubeGems knows, from a dump of its database or from its API. */
function gemsTables({ dump, server, 'token-file': tokenFile }: Options): Promise<GemsTables> | GemsTables {
  if (server && tokenFile) return readGemsApi({ url: server, token: readFile(tokenFile).trim() });
  if (dump && !server) return gemsTablesOf(readFile(dump));
  throw new ConfigError(['import kubegems needs --dump FILE, or --server URL and --token-file FILE']);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError([`${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`]); // cast: what the file system throws
  }
}

async function fromKubeGems(options: Options, into: string): Promise<string> {
  const { cluster, 'dry-run': dryRun } = options;
  const tables = await gemsTables(options);
  const to = clientOf(into);
  try {
    return reportText(await importKubeGems({ tables, ...(cluster ? { cluster } : {}), to, dryRun }), dryRun);
  } finally {
    await to.close();
  }
}

/** Runs `freehold import …` and answers with its report; throws a `ConfigError` for a command line it cannot follow. */
export async function importFrom(args: readonly string[]): Promise<string> {
  const { options, words } = readArguments(schema, args, { words: 1 });
  if (options.help) return importHelp();
  const dryRun = options['dry-run'];
  if (words[0] === 'kubesphere') {
    if (!options.kubeconfig) throw new ConfigError(['import kubesphere needs --kubeconfig FILE']);
    return fromKubeSphere(options.kubeconfig, options.into ?? options.kubeconfig, dryRun);
  }
  if (words[0] !== 'kubegems') throw new ConfigError(['say what to import from: kubesphere or kubegems']);
  if (!options.into) throw new ConfigError(['import kubegems needs --into KUBECONFIG']);
  return fromKubeGems(options, options.into);
}
