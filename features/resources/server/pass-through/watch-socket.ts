import { isApiError, toStatus, type Clock } from '@kit/base';
import { pingUntilClosed } from '@kit/http';
import type { KubeClient, ResourceType } from '@kit/kube';
import { WebSocketServer, type WebSocket } from 'ws';
import type { KubeTarget } from '../../rules/kube-target.ts';
import type { Connection } from './upstream.ts';

/** A reader that takes longer than this to take one event is let go; it lists and watches again. */
const slowestReaderMs = 30_000;

const server = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false }); // holds no sockets: `clientTracking` is off without a server of its own

interface WatchDeps {
  readonly kube: KubeClient;
  readonly clock: Clock;
}

function accept({ request, socket, head }: Connection): Promise<WebSocket> {
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, resolve));
}

function typeOf({ group, version, resource = '', namespace }: KubeTarget): ResourceType {
  return { group, version, plural: resource, kind: '', namespaced: namespace !== undefined };
}

/** Resolves when the event has left; a reader that does not read is cut off, so that nothing piles up for it. */
function send(socket: WebSocket, clock: Clock, event: unknown): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(slowestReaderMs, () => socket.terminate());
    socket.send(JSON.stringify(event), () => {
      cancel();
      resolve();
    });
  });
}

interface Relay {
  readonly socket: WebSocket;
  readonly signal: AbortSignal;
}

async function relay(deps: WatchDeps, target: KubeTarget, { socket, signal }: Relay): Promise<void> {
  const { watch: _watch, resourceVersion, labelSelector, fieldSelector, ...rest } = Object.fromEntries(target.params);
  const events = deps.kube.watch(typeOf(target), {
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    query: { allowWatchBookmarks: false, ...rest },
    signal,
  });
  for await (const event of events) await send(socket, deps.clock, event);
}

/**
 * Ends a browser's watch here: one text frame for each event, as the cluster would write its line. Errors, an expired
 * resource version among them, are a last `ERROR` event with their Status; then the socket closes.
 */
export async function watchOverSocket(deps: WatchDeps, target: KubeTarget, connection: Connection): Promise<void> {
  const { signal, requestId } = connection.context;
  const socket = await accept(connection);
  const upstream = new AbortController();
  socket.on('error', () => socket.terminate());
  socket.on('close', () => upstream.abort());
  pingUntilClosed(socket, deps.clock);
  signal.addEventListener('abort', () => {
    const reason: unknown = signal.reason;
    upstream.abort(reason);
    socket.close(1008, isApiError(reason) ? reason.reason : 'ended');
  });
  try {
    await relay(deps, target, { socket, signal: upstream.signal });
    socket.close(1000, 'the watch has ended');
  } catch (error) {
    if (upstream.signal.aborted) return;
    await send(socket, deps.clock, { type: 'ERROR', object: toStatus(error, requestId) });
    socket.close(1011, 'the watch has failed');
  }
}
