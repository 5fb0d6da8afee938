import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ApiError } from '@kit/base';
import type { LogOptions } from '../../node-runtime.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import { badRequest, notFound } from '../store/api-errors.ts';
import { keyOf } from '../store/stored-object.ts';
import type { Target } from '../store/write-request.ts';
import type { Exchange } from './respond.ts';

interface PodFields {
  readonly metadata: { readonly uid: string };
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string }[];
    readonly ephemeralContainers?: readonly { readonly name: string }[];
  };
}

const names = (list: readonly { readonly name: string }[] | undefined): string[] =>
  (list ?? []).map(({ name }) => name);

/** The container a log is asked of; must be said when there are several. */
function containerOf({ spec }: PodFields, pod: string, wanted: string | null): string {
  const containers = names(spec?.containers);
  const init = names(spec?.initContainers);
  const ephemeral = names(spec?.ephemeralContainers);
  if (wanted) {
    if ([...containers, ...init, ...ephemeral].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only;
  const also = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${pod}, choose one of: [${containers.join(' ')}]${also}`,
  );
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  const cause = {
    field: name,
    message: `Invalid value: ${text}: must be greater than or equal to 0`,
    reason: 'FieldValueInvalid',
  };
  throw new ApiError('Invalid', `PodLogOptions "" is invalid: ${name}: ${cause.message}`, {
    details: { kind: 'PodLogOptions', causes: [cause] },
  });
}

const isTrue = (query: URLSearchParams, name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');

function logOptions(query: URLSearchParams, container: string, signal: AbortSignal): LogOptions {
  if (query.get('sinceTime') && query.get('sinceSeconds'))
    throw badRequest('at most one of sinceTime or sinceSeconds may be specified');
  return {
    container,
    follow: isTrue(query, 'follow'),
    previous: isTrue(query, 'previous'),
    timestamps: isTrue(query, 'timestamps'),
    tailLines: whole(query, 'tailLines'),
    sinceSeconds: whole(query, 'sinceSeconds'),
    sinceTime: query.get('sinceTime') ?? undefined,
    limitBytes: whole(query, 'limitBytes'),
    signal,
  };
}

/** What the container prints; nothing while no node has taken the pod. Throws what the node refuses before the first line. */
function linesOf(
  { nodes }: ApiServerParts,
  { pod, target }: { pod: PodFields; target: Target },
  options: LogOptions,
): AsyncIterator<Uint8Array> | undefined {
  const node = pod.spec?.nodeName;
  if (!node) return undefined;
  const { runtime } = nodes;
  if (!runtime)
    throw new ApiError('ServiceUnavailable', `the node "${node}" cannot be reached: no node runs in this cluster`);
  const key = { namespace: target.namespace, name: target.name, uid: pod.metadata.uid };
  return runtime.logs(key, options)[Symbol.asyncIterator]();
}

async function copy(
  lines: AsyncIterator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
  response: ServerResponse,
): Promise<void> {
  for (let next = first; !next.done && !response.destroyed; next = await lines.next()) {
    if (!response.write(next.value)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}

/** `pods/log`: what a container has printed, as plain text, line by line while it is followed. */
export async function streamLogs(
  parts: ApiServerParts,
  exchange: Exchange,
  request: { target: Target; query: URLSearchParams },
): Promise<void> {
  const { target, query } = request;
  const stored = parts.storage.get(keyOf(target.kind, target.namespace, target.name));
  if (!stored) throw notFound(target.kind, target.name);
  const pod = stored.object() as unknown as PodFields; // the schema has checked it
  const container = containerOf(pod, target.name, query.get('container'));
  const { response } = exchange;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const lines = linesOf(parts, { pod, target }, logOptions(query, container, gone.signal));
  const first = await lines?.next(); // a refusal comes before the first line
  response.writeHead(200, {
    'Content-Type': 'text/plain',
    'Cache-Control': 'no-cache, private',
    'Audit-Id': exchange.requestId,
  });
  response.flushHeaders();
  if (lines && first) await copy(lines, first, response);
  response.end();
}
