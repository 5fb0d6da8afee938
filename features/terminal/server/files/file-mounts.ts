import type { IncomingMessage, ServerResponse } from 'node:http';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '@kit/base';
import type { Mount, RawContext } from '@kit/http';
import { containerPath } from '../../rules/container-path.ts';
import { containerOf } from '../exec/pod-terminal.ts';
import { bytesOf, startCommand, type RemoteCommand } from '../exec/remote-command.ts';
import { placeOf } from '../pod-path.ts';
import type { TerminalDeps } from '../ports.ts';
import { checkEnding } from './captured.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: RawContext;
}

// The path is an argument of the script, never part of it. A folder is told from a file where it is, so that there is
// nothing in between; what is uploaded takes the name only when it is whole.
const readScript = 'if [ -d "$1" ]; then printf d; tar cf - -C "$2" "$3"; else printf f; exec cat "$1"; fi';
const writeScript = 'cat > "$1.part" && mv "$1.part" "$1"';

async function start(
  { kube }: TerminalDeps,
  { request, context }: Exchange,
  commandFor: (path: string) => readonly string[],
): Promise<{ command: RemoteCommand; path: string }> {
  const { namespace, pod, params } = placeOf(request.url ?? '/', 'file');
  const path = containerPath(params.get('path'));
  const place = await containerOf({ kube }, { namespace, pod, container: params.get('container') ?? undefined });
  const { signal } = context;
  return { command: await startCommand(kube, { ...place, command: commandFor(path), tty: false, signal }), path };
}

/** The command's first byte, or its refusal. */
async function firstChunk(chunks: AsyncIterator<Buffer>, command: RemoteCommand): Promise<Buffer> {
  const first = await chunks.next();
  if (first.done) checkEnding(await command.ended, command.stderr);
  return first.done ? Buffer.alloc(0) : first.value;
}

async function* behind(first: Buffer, chunks: AsyncIterable<Buffer>, command: RemoteCommand): AsyncIterable<Buffer> {
  if (first.length > 0) yield first;
  yield* chunks;
  checkEnding(await command.ended, command.stderr); // a file that broke off must not look whole
}

async function download(deps: TerminalDeps, exchange: Exchange): Promise<void> {
  const { response, context } = exchange;
  const { command, path } = await start(deps, exchange, (at) => [
    ...['sh', '-c', readScript, 'sh', at],
    ...[posix.dirname(at), posix.basename(at) || '.'],
  ]);
  command.stdin.end();
  const chunks = bytesOf(command);
  const first = await firstChunk(chunks, command);
  const isFolder = first[0] === 'd'.charCodeAt(0);
  const content = await secondChunk(first, chunks, command);
  const name = encodeURIComponent(`${posix.basename(path) || 'root'}${isFolder ? '.tar' : ''}`);
  response.writeHead(200, {
    'content-type': isFolder ? 'application/x-tar' : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  });
  try {
    await pipeline(behind(content, chunks, command), response);
  } catch (error) {
    response.destroy();
    if (!context.signal.aborted) deps.log.info('a download broke off', { path, error });
  }
}

/** What is behind the first byte. Waits for more where there is none yet, so that a refusal can still be an answer. */
async function secondChunk(first: Buffer, chunks: AsyncIterator<Buffer>, command: RemoteCommand): Promise<Buffer> {
  return first.length > 1 ? first.subarray(1) : firstChunk(chunks, command);
}

async function upload(deps: TerminalDeps, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { command, path } = await start(deps, exchange, (at) => ['sh', '-c', writeScript, 'sh', at]);
  command.stdout.resume();
  // A command that ends before it has read everything says why.
  await pipeline(request, command.stdin).catch(() => request.resume());
  checkEnding(await command.ended, command.stderr);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ path }));
}

/** One file of a container: its bytes there and back, streamed. */
export function fileMounts(deps: TerminalDeps): Mount[] {
  return [
    {
      prefix: '/kapis/terminal.freehold.io/v1alpha1/namespaces',
      scope: 'project',
      permission: { by: 'rbac', attributes: { verb: 'create', group: '', subresource: 'exec' } },
      summary: 'Read and write a file of a container',
      handle: async (request, response, context) => {
        const exchange = { request, response, context };
        if (request.method === 'GET') return download(deps, exchange);
        if (request.method === 'PUT') return upload(deps, exchange);
        throw new ApiError('MethodNotAllowed', 'a file is read with GET and written with PUT');
      },
    },
  ];
}
