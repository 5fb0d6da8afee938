import type { ServerResponse } from 'node:http';
import { ApiError } from '@kit/base';
import type { Cause } from '@kit/base';
import type { LogOptions } from '../../node-runtime.ts';
import { waitForRoom } from '../../streams/wait-for-room.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import { badRequest } from '../store/api-errors.ts';
import type { Target } from '../store/write-request.ts';
import { containerOf, podKeyOf, podOf, runtimeOf } from './pod-container.ts';
import type { PodFields } from './pod-container.ts';
import type { Exchange } from './respond.ts';

interface Bound {
  readonly pod: string;
  /** The smallest number that makes sense. */
  readonly least: 0 | 1;
}

function whole(query: URLSearchParams, name: string, { pod, least }: Bound): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (value >= least) return value;
  const limit = least === 0 ? 'greater than or equal to 0' : 'greater than 0';
  throw wrongOption(pod, {
    field: name,
    message: `Invalid value: ${text}: must be ${limit}`,
    reason: 'FieldValueInvalid',
  });
}

function wrongOption(pod: string, cause: Cause): ApiError {
  return new ApiError('Invalid', `PodLogOptions ${JSON.stringify(pod)} is invalid: ${cause.field}: ${cause.message}`, {
    details: { name: pod, kind: 'PodLogOptions', causes: [cause] },
  });
}

function sinceTime(query: URLSearchParams): string | undefined {
  const text = query.get('sinceTime');
  if (!text) return undefined;
  if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw badRequest(`parsing time ${JSON.stringify(text)}: it is not a time like 2006-01-02T15:04:05Z`);
}

const isTrue = (query: URLSearchParams, name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');

function logOptions(
  query: URLSearchParams,
  { pod, container }: { pod: string; container: string },
  signal: AbortSignal,
): LogOptions {
  if (query.get('sinceTime') && query.get('sinceSeconds'))
    throw badRequest('at most one of sinceTime or sinceSeconds may be specified');
  if (query.has('stream'))
    throw wrongOption(pod, {
      field: 'stream',
      message: 'Forbidden: may not be specified',
      reason: 'FieldValueForbidden',
    });
  return {
    container,
    follow: isTrue(query, 'follow'),
    previous: isTrue(query, 'previous'),
    timestamps: isTrue(query, 'timestamps'),
    tailLines: whole(query, 'tailLines', { pod, least: 0 }),
    sinceSeconds: whole(query, 'sinceSeconds', { pod, least: 1 }),
    sinceTime: sinceTime(query),
    limitBytes: whole(query, 'limitBytes', { pod, least: 1 }),
    signal,
  };
}

/** What the container prints; nothing while no node has taken the pod. Throws what the node refuses. */
function linesOf(
  { nodes }: ApiServerParts,
  { pod, target }: { pod: PodFields; target: Target },
  options: LogOptions,
): AsyncIterator<Uint8Array> | undefined {
  const node = pod.spec?.nodeName;
  if (!node) return undefined;
  return runtimeOf({ nodes }, node).logs(podKeyOf(target, pod), options)[Symbol.asyncIterator]();
}

async function copy(
  lines: AsyncIterator<Uint8Array>,
  first: Promise<IteratorResult<Uint8Array>>,
  response: ServerResponse,
): Promise<void> {
  for (let next = await first; !next.done && !response.destroyed; next = await lines.next()) {
    if (!response.write(next.value)) await waitForRoom(response);
  }
}

/** `pods/log`: what a container has printed, as plain text, line by line while it is followed. */
export async function streamLogs(
  parts: ApiServerParts,
  exchange: Exchange,
  request: { target: Target; query: URLSearchParams },
): Promise<void> {
  const { target, query } = request;
  const pod = podOf(parts, target);
  const container = containerOf(pod, target.name, query.get('container'));
  const { response } = exchange;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const options = logOptions(query, { pod: target.name, container }, gone.signal);
  const lines = linesOf(parts, { pod, target }, options);
  const first = lines?.next();
  if (!options.follow) await first; // who follows wants to know that there is a log long before its first line
  response.writeHead(200, {
    'Content-Type': 'text/plain',
    'Cache-Control': 'no-cache, private',
    'Audit-Id': exchange.requestId,
  });
  response.flushHeaders();
  if (lines && first) await copy(lines, first, response);
  response.end();
}
