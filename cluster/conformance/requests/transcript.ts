import type { ClusterObject } from '../../client.ts';
import type { Answer, ApiAccess, SentHeaders } from './api-access.ts';
import { normalise } from './normalise.ts';

/** What the answers so far have said, by name of the step. */
export type Seen = Readonly<Record<string, Answer | undefined>>;

/**
 * One request of a scenario: `METHOD path`, where a method of `MERGE`, `STRATEGIC`, `JSON` or `APPLY` is a PATCH of that
 * kind, `WATCH` opens a watch whose body is a `WatchPlan`, `UNTIL` repeats a GET until its status is the body, `SAME`
 * records whether two earlier answers (of the names that follow) have the same resource version, and `KEYS` gets a
 * document of which only the names of its definitions and paths are recorded.
 * `<step|metadata.continue>` in a path is what an earlier answer has said. Without a name it is not recorded.
 */
export type Step = readonly [name: string, request: string, body?: unknown, headers?: SentHeaders];

/** How a watch is recorded. */
export interface WatchPlan {
  /** How many events the real server shows. */
  readonly events: number;
  /** Requests that are made once the watch is open. */
  readonly meanwhile?: readonly Step[];
  /** For a watch that is to show nothing for a while. */
  readonly limitMs?: number;
  /** What was there at the start has no order. */
  readonly unordered?: boolean;
}

/** One request and what came of it, without what differs from run to run. */
export interface TranscriptLine {
  readonly name: string;
  readonly request: string;
  readonly status: number;
  readonly type: string;
  readonly warning?: unknown;
  readonly body?: unknown;
  readonly events?: unknown;
}

const patchTypes: Readonly<Record<string, string>> = {
  MERGE: 'application/merge-patch+json',
  STRATEGIC: 'application/strategic-merge-patch+json',
  JSON: 'application/json-patch+json',
  APPLY: 'application/apply-patch+yaml',
};

const methodOf = (verb: string): string => (patchTypes[verb] ? 'PATCH' : verb === 'KEYS' ? 'GET' : verb);

type JsonDocument = Readonly<Record<'definitions' | 'paths', object | undefined>>;

const keysOf = ({ definitions = {}, paths = {} }: JsonDocument): object => ({
  definitions: Object.keys(definitions).sort(),
  paths: Object.keys(paths).sort(),
});

function filled(path: string, seen: Seen): string {
  return path.replace(/<([^>]+)>/g, (_all, reference: string) => {
    const [name = '', place = ''] = reference.split('|');
    const at = (value: unknown, field: string): unknown => (value as Record<string, unknown> | undefined)?.[field]; // any value has fields, or none
    return encodeURIComponent(String(place.split('.').reduce(at, seen[name]?.body)));
  });
}

function isSame(names: readonly string[], seen: Seen): boolean {
  const versions = names.map((name) => (seen[name]?.body as ClusterObject).metadata.resourceVersion); // steps whose answer is an object
  return new Set(versions).size === 1;
}

/** Asks an API server, in order, and writes down what it answers. */
export async function transcribe(access: ApiAccess, steps: readonly Step[]): Promise<TranscriptLine[]> {
  const seen: Record<string, Answer | undefined> = {};
  const lines: TranscriptLine[] = [];
  for (const step of steps) {
    const line = await take(access, step, seen);
    if (line) lines.push(line);
  }
  return lines;
}

async function take(
  access: ApiAccess,
  [name, request, given, headers]: Step,
  seen: Record<string, Answer | undefined>,
): Promise<TranscriptLine | undefined> {
  const [verb = '', ...rest] = request.split(' ');
  const path = filled(rest.join(' '), seen);
  const body: unknown = typeof given === 'function' ? (given as (seen: Seen) => unknown)(seen) : given; // a step's body is made of answers by a function
  if (verb === 'SAME') return { name, request, status: 0, type: '', body: isSame(rest, seen) };
  if (verb === 'UNTIL') return until(access, path, Number(body));
  if (verb === 'WATCH') return watch(access, { name, request, path, headers }, { plan: body as WatchPlan, seen }); // as the type of a step says
  return ask(access, { name, request, path, headers }, { body, seen });
}

/** An ordinary request and its answer. */
async function ask(
  access: ApiAccess,
  { name, request, path, headers }: { name: string; request: string; path: string; headers: SentHeaders | undefined },
  { body, seen }: { body: unknown; seen: Record<string, Answer | undefined> },
): Promise<TranscriptLine | undefined> {
  const [verb = ''] = request.split(' ');
  const patch = patchTypes[verb];
  const all = { ...(patch && { 'content-type': patch }), ...headers };
  const answer = await access.call({ method: methodOf(verb), path, body, headers: all });
  if (!name) return undefined;
  seen[name] = answer;
  const { status, headers: received } = answer;
  const content: unknown = verb === 'KEYS' ? keysOf(answer.body as JsonDocument) : normalise(answer.body); // as the step says
  return {
    name,
    request,
    status,
    type: String(received['content-type'] ?? ''),
    ...(received.warning !== undefined && { warning: normalise(received.warning) }),
    body: content,
  };
}

async function watch(
  access: ApiAccess,
  at: { name: string; request: string; path: string; headers: SentHeaders | undefined },
  { plan, seen }: { plan: WatchPlan; seen: Record<string, Answer | undefined> },
): Promise<TranscriptLine> {
  const { name, request, path, headers } = at;
  const { events, meanwhile = [], limitMs, unordered = false } = plan;
  const watched = access.watch(path, { events, headers, limitMs });
  for (const step of meanwhile) await take(access, step, seen);
  const { status, headers: received, events: shown } = await watched;
  const normal = shown.map((event) => normalise(event));
  const sorted = unordered ? normal.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : normal;
  return { name, request, status, type: String(received['content-type'] ?? ''), events: sorted };
}

const tries = 200;
const pauseMs = 50;

async function until(access: ApiAccess, path: string, status: number): Promise<undefined> {
  for (let left = tries; left > 0; left--) {
    const answer = await access.call({ method: 'GET', path });
    if (answer.status === status) return undefined;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`${path} is not answered with ${status}`);
}
