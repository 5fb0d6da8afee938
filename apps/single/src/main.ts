import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiError, ConfigError, createLogger } from '@kit/base';
import { startPlatform, type Platform } from './compose.ts';
import { openDataFolder } from './data-folder.ts';
import { importFrom } from './import-main.ts';
import { helpText, readOptions, type Options } from './options.ts';
import { uninstall } from './uninstall.ts';

const here = dirname(fileURLToPath(import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function version(): string {
  const manifest = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8')) as { version: string }; // our own file
  return manifest.version;
}

/** What the operating system's refusals mean for the options given. */
const refusals: Readonly<Record<string, (options: Options) => string>> = {
  EADDRINUSE: ({ host, port }) => `port ${port} on ${host} is taken; stop what uses it or choose another with --port`,
  EACCES: ({ port }) => `port ${port} may not be opened by this user; choose one above 1023 with --port`,
  EADDRNOTAVAIL: ({ host }) => `${host} is not an address of this machine; choose another with --host`,
};

/** What a failed start says: one sentence for what the user can mend, everything for what they cannot. */
function explain(error: unknown, options?: Options): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return `${error.message}\nSee npm start -- --help`;
  const refusal = 'code' in error ? refusals[String(error.code)] : undefined;
  if (refusal && options) return refusal(options);
  return error instanceof ApiError ? error.message : (error.stack ?? error.message);
}

function welcome(platform: Platform, options: Options, startedMs: number): void {
  say('');
  say(`  Freehold ${version()} is ready after ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  say(`  Console and API   ${platform.url}`);
  if (platform.admin) {
    say(`  First sign-in     admin / ${platform.admin.password.reveal()}`);
    say('                    (made just now and shown only once; the console asks for your own)');
  }
  if (platform.kubeconfigFile) say(`  kubectl           kubectl --kubeconfig ${platform.kubeconfigFile} get pods -A`);
  else say(`  Cluster           ${platform.kube.server}`);
  if (!['127.0.0.1', 'localhost', '::1'].includes(options.host))
    say(`  Note              ${options.host} is reachable by others, without encryption: put a TLS proxy in front`);
  say('  Ctrl-C stops; everything is kept in the data folder');
  say('');
}

async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function run(options: Options): Promise<void> {
  const startedMs = Date.now();
  const log = createLogger({ level: options.verbose ? 'info' : 'warn' });
  const folder = openDataFolder(options.data, { reset: options.reset });
  try {
    if (options.uninstall && options.kubeconfig)
      return say(await uninstall({ kubeconfig: options.kubeconfig, context: options.context }, log));
    const consoleDir = join(here, '../console');
    const platform = await startPlatform(
      { ...options, consoleDir: existsSync(consoleDir) ? consoleDir : undefined },
      folder,
      { log },
    );
    welcome(platform, options, startedMs);
    await platform.admin?.told();
    await untilSignal();
    say('Stopping ...');
    await platform.stop();
  } finally {
    folder.release();
  }
}

/** Runs the platform from a command line until it is told to stop; the process ends with 0, or with 1 and a sentence. */
export async function main(args: readonly string[]): Promise<void> {
  let options: Options | undefined;
  // Timers of library code do not hold a process; the work that waits for one does.
  const working = setInterval(() => undefined, 60_000);
  try {
    if (args[0] === 'import') {
      say(await importFrom(args.slice(1)));
      process.exit(0);
    }
    options = readOptions(args);
    if (options.help) return say(helpText());
    if (options.version) return say(version());
    await run(options);
    process.exit(0); // kept-alive sockets of others must not hold a stopped platform
  } catch (error) {
    process.stderr.write(`freehold: ${explain(error, options)}\n`);
    process.exit(1);
  } finally {
    clearInterval(working);
  }
}
