import { admitConnection } from '../operations/admit-connection.ts';
import { forbidden, methodNotAllowed } from '../store/api-errors.ts';
import type { Caller } from '../store/write-request.ts';
import { type StreamCall, serveCommand, servePortForward } from './pod-streams.ts';
import { serveProxy } from './serve-proxy.ts';

/** Parts of pods, services and nodes that are connections and not objects. */
export const streamParts: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

const handlers: Readonly<Record<string, (call: StreamCall) => Promise<void>>> = {
  exec: serveCommand,
  attach: serveCommand,
  portforward: servePortForward,
  proxy: serveProxy,
};

/** A WebSocket starts with a GET, but what it starts is as much as a POST: the caller needs the right to create too. */
function checkCreate({ parts, target }: StreamCall, caller: Caller): void {
  const { kind, namespace, name, subresource = '' } = target;
  const { group, resource } = kind;
  const attributes = { verb: 'create', group, resource, subresource, namespace, name };
  if (!parts.authorizer.decide(caller, attributes).allowed) throw forbidden(kind, name, '');
}

/** Serves a connection into a pod, a service or a node for a caller who may make it by `verb`. */
export async function serveStream(call: StreamCall, verb: string, caller: Caller): Promise<void> {
  const { subresource = '' } = call.target;
  const handle = handlers[subresource];
  if (!handle) throw methodNotAllowed();
  if (verb === 'get' && subresource !== 'proxy') checkCreate(call, caller);
  const { warnings } = call.exchange;
  await admitConnection(call.parts, call.target, { query: call.query, caller, warnings: [...warnings] });
  await handle(call);
}
