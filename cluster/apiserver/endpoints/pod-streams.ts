import { ApiError } from '@kit/base';
import type { PortForwardSession, ProcessSession } from '../../node-runtime.ts';
import type { CommandChannels, CommandRequest } from '../../streams/command-channels.ts';
import { isPort } from '../../streams/forward-error.ts';
import { spdyCommand, spdyCommandProtocols } from '../../streams/spdy-command.ts';
import { serveSpdyPortForward, spdyPortForwardProtocol, tunnelProtocol } from '../../streams/spdy-port-forward.ts';
import { commandProtocols, webSocketCommand } from '../../streams/web-socket-command.ts';
import { webSocketDuplex } from '../../streams/web-socket-duplex.ts';
import { channelPortForwardProtocols, serveChannelPortForward } from '../../streams/web-socket-port-forward.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import { badRequest } from '../store/api-errors.ts';
import type { Target } from '../store/write-request.ts';
import type { Upgrade } from './accept-upgrades.ts';
import { containerOf, podKeyOf, podOf, runtimeOf } from './pod-container.ts';
import { sendText } from './respond.ts';
import type { Exchange } from './respond.ts';
import { acceptSpdy, acceptWebSocket, agreedProtocol, wantsSpdy, wantsWebSocket } from './stream-handshake.ts';

/** A request for a stream into a pod. */
export interface StreamCall {
  readonly parts: ApiServerParts;
  readonly exchange: Exchange;
  readonly target: Target;
  readonly query: URLSearchParams;
}

const isTrue = (query: URLSearchParams, name: string): boolean => ['true', '1'].includes(query.get(name) ?? '');

function commandRequest(query: URLSearchParams): CommandRequest {
  const tty = isTrue(query, 'tty');
  return {
    command: query.getAll('command'),
    stdin: isTrue(query, 'stdin'),
    stdout: isTrue(query, 'stdout'),
    stderr: isTrue(query, 'stderr') && !tty,
    tty,
  };
}

function upgradeOf({ exchange }: StreamCall): Upgrade {
  const { upgrade, request } = exchange;
  if (upgrade && (wantsWebSocket(request) || wantsSpdy(request))) return upgrade;
  throw badRequest('Upgrade request required');
}

function nodeOf(node: string | undefined, pod: string): string {
  if (node) return node;
  throw badRequest(`pod ${pod} does not have a host assigned`);
}

/** What a node refuses comes as plain text from the real one. */
async function opened<T>({ exchange }: StreamCall, open: Promise<T>): Promise<T | undefined> {
  try {
    return await open;
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === 'InternalError')) throw error;
    await sendText(exchange, 500, error.message);
    return undefined;
  }
}

async function commandChannels(
  { exchange }: StreamCall,
  upgrade: Upgrade,
  request: CommandRequest,
): Promise<CommandChannels | undefined> {
  if (wantsWebSocket(exchange.request)) {
    const protocol = agreedProtocol(exchange.request, commandProtocols);
    const socket = await acceptWebSocket(exchange, upgrade, protocol);
    return socket && webSocketCommand(socket, protocol ?? '', request);
  }
  const protocol = acceptSpdy(exchange, upgrade, spdyCommandProtocols);
  return protocol ? spdyCommand(upgrade.socket, upgrade.head, { protocol, request }) : undefined;
}

async function runSession({ parts }: StreamCall, session: ProcessSession, channels: CommandChannels): Promise<void> {
  try {
    const result = await session.run(channels.streams);
    await channels.finish(result);
  } catch (error) {
    if (!(error instanceof ApiError) && !channels.streams.signal.aborted)
      parts.log.error('a command in a container failed', { error });
    await channels.finish({ error });
  }
}

/** `pods/exec` and `pods/attach`: a process of the container, with the client's input and output. */
export async function serveCommand(call: StreamCall): Promise<void> {
  const { parts, exchange, target, query } = call;
  const pod = podOf(parts, target);
  const container = containerOf(pod, target.name, query.get('container'));
  const runtime = runtimeOf(parts, nodeOf(pod.spec?.nodeName, target.name));
  const upgrade = upgradeOf(call);
  const request = commandRequest(query);
  const { command, tty, stdin, stdout, stderr } = request;
  if (!stdin && !stdout && !stderr)
    return sendText(exchange, 400, 'you must specify at least 1 of stdin, stdout, stderr');
  const key = podKeyOf(target, pod);
  const open =
    target.subresource === 'attach'
      ? runtime.attach(key, { container, tty })
      : runtime.exec(key, { container, command, tty });
  const session = await opened(call, open);
  if (!session) return;
  const channels = await commandChannels(call, upgrade, request);
  if (channels) await runSession(call, session, channels);
}

function portsOf(query: URLSearchParams): number[] {
  const texts = query.getAll('ports').flatMap((list) => list.split(','));
  return texts.map((text) => {
    const port = Number(text);
    if (/^\d+$/.test(text) && isPort(port)) return port;
    const why = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax';
    throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`);
  });
}

async function forwardOverWebSocket(
  { exchange }: StreamCall,
  { upgrade, ports }: { upgrade: Upgrade; ports: readonly number[] },
  session: PortForwardSession,
): Promise<void> {
  const protocol = agreedProtocol(exchange.request, [tunnelProtocol, ...channelPortForwardProtocols]);
  if (protocol !== tunnelProtocol && protocol !== undefined && ports.length === 0)
    return sendText(exchange, 400, 'query parameter "port" is required');
  const socket = await acceptWebSocket(exchange, upgrade, protocol);
  if (!socket) return;
  if (protocol === tunnelProtocol) return serveSpdyPortForward(webSocketDuplex(socket), Buffer.alloc(0), session);
  await serveChannelPortForward(socket, { protocol: protocol ?? '', ports }, session);
}

/** `pods/portforward`: connections to ports inside the pod. */
export async function servePortForward(call: StreamCall): Promise<void> {
  const { parts, exchange, target, query } = call;
  const pod = podOf(parts, target);
  const ports = portsOf(query);
  const runtime = runtimeOf(parts, nodeOf(pod.spec?.nodeName, target.name));
  const upgrade = upgradeOf(call);
  const session = await opened(call, runtime.portForward(podKeyOf(target, pod)));
  if (!session) return;
  if (wantsWebSocket(exchange.request)) return forwardOverWebSocket(call, { upgrade, ports }, session);
  if (acceptSpdy(exchange, upgrade, [spdyPortForwardProtocol]))
    await serveSpdyPortForward(upgrade.socket, upgrade.head, session);
}
