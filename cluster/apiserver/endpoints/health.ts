import type { ApiServerParts } from '../api-server-parts.ts';
import { type HealthCheck, type HealthRoot, healthChecks, healthRoots } from './health-checks.ts';
import { sendText } from './respond.ts';
import type { Exchange } from './respond.ts';

/** How far the server has come. */
export type Phase = 'starting' | 'ready' | 'stopping';

/** The endpoint a path belongs to: `/readyz` itself, or one check of it as in `/readyz/ping`. */
function rootOf(path: string): HealthRoot | undefined {
  return healthRoots.find((root) => path === root || path.startsWith(`${root}/`));
}

function lineOf(parts: ApiServerParts, check: HealthCheck, excluded: ReadonlySet<string>): string {
  const { name } = check;
  if (excluded.has(name)) return `[+]${name} excluded: ok`;
  return check.passes(parts) ? `[+]${name} ok` : `[-]${name} failed: reason withheld`;
}

/** Excluding what there is not is said, and changes nothing. */
function unknownWarning(checks: readonly HealthCheck[], excluded: ReadonlySet<string>): string {
  const unknown = [...excluded].filter((wanted) => !checks.some(({ name }) => name === wanted));
  const quoted = unknown.map((name) => JSON.stringify(name)).join(',');
  return unknown.length === 0 ? '' : `warn: some health checks cannot be excluded: no matches for ${quoted}\n`;
}

/** Answers a path of the health endpoints, with 500 while a check fails; false for any other path. */
export async function serveHealth(
  parts: ApiServerParts,
  exchange: Exchange,
  { path, query }: { path: string; query: URLSearchParams },
): Promise<boolean> {
  const root = rootOf(path);
  if (!root) return false;
  const only = path.slice(root.length + 1);
  if (only) return serveOne(parts, exchange, { root, only });
  const excluded = new Set(query.getAll('exclude'));
  const lines = healthChecks[root].map((check) => lineOf(parts, check, excluded));
  const failed = lines.some((line) => line.startsWith('[-]'));
  const end = `${root.slice(1)} check ${failed ? 'failed' : 'passed'}\n`;
  const report = `${lines.join('\n')}\n${unknownWarning(healthChecks[root], excluded)}${end}`;
  await sendText(exchange, failed ? 500 : 200, failed || query.has('verbose') ? report : 'ok');
  return true;
}

/** One check by its own path says no more than how it is. */
async function serveOne(
  parts: ApiServerParts,
  exchange: Exchange,
  { root, only }: { root: HealthRoot; only: string },
): Promise<boolean> {
  const check = healthChecks[root].find(({ name }) => name === only);
  if (!check) return false;
  const passes = check.passes(parts);
  await sendText(exchange, passes ? 200 : 500, passes ? 'ok' : 'internal server error: reason withheld\n');
  return true;
}
