import type { ApiServerParts } from '../api-server-parts.ts';
import { sendText } from './respond.ts';
import type { Exchange } from './respond.ts';

/** How far the server has come. */
export type Phase = 'starting' | 'ready' | 'stopping';

interface Check {
  readonly name: string;
  passes(parts: ApiServerParts): boolean;
}

const ping: Check = { name: 'ping', passes: () => true };
const bootstrap: Check = { name: 'poststarthook/bootstrap', passes: ({ progress }) => progress.phase !== 'starting' };
const shutdown: Check = { name: 'shutdown', passes: ({ progress }) => progress.phase !== 'stopping' };

const checks = {
  '/livez': [ping],
  '/healthz': [ping, bootstrap],
  '/readyz': [ping, bootstrap, shutdown],
} as const satisfies Readonly<Record<string, readonly Check[]>>;

type Root = keyof typeof checks;

/** The endpoint a path belongs to: `/readyz` itself, or one check of it as in `/readyz/ping`. */
function rootOf(path: string): Root | undefined {
  return (Object.keys(checks) as Root[]).find((root) => path === root || path.startsWith(`${root}/`)); // its own keys
}

/** Answers a path of the health endpoints, with 500 while a check fails; false for any other path. */
export async function serveHealth(
  parts: ApiServerParts,
  exchange: Exchange,
  { path, query }: { path: string; query: URLSearchParams },
): Promise<boolean> {
  const root = rootOf(path);
  if (!root) return false;
  const excluded = new Set(query.getAll('exclude'));
  const only = path.slice(root.length + 1);
  const run = checks[root].filter(({ name }) => (only ? name === only : !excluded.has(name)));
  if (only && run.length === 0) return false;
  const lines = run.map((check) =>
    check.passes(parts) ? `[+]${check.name} ok` : `[-]${check.name} failed: reason withheld`,
  );
  const failed = lines.some((line) => line.startsWith('[-]'));
  const title = root.slice(1);
  const report = `${lines.join('\n')}\n${title} check ${failed ? 'failed' : 'passed'}\n`;
  await sendText(exchange, failed ? 500 : 200, failed || query.has('verbose') ? report : 'ok');
  return true;
}
