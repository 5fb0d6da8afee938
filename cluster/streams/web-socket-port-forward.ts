import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { PortForwardSession } from '../node-runtime.ts';
import { forwardError } from './forward-error.ts';
import { splice } from './splice.ts';
import { ChannelReader, channelWriter, type ChannelCoding, codingOf, messageBytes } from './web-socket-command.ts';

/** The older form: the ports are known from the start, each with a channel for data and one for errors. */
export const channelPortForwardProtocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'] as const;

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}

interface PortChannel {
  readonly port: number;
  readonly number: number;
  readonly reader: ChannelReader;
}

async function forward(
  { socket, coding, session }: { socket: WebSocket; coding: ChannelCoding; session: PortForwardSession },
  { port, number, reader }: PortChannel,
): Promise<void> {
  try {
    const connection = await session.connect(port);
    await splice(connection, Duplex.from({ readable: reader, writable: channelWriter(socket, coding, number) }));
  } catch (error) {
    if (socket.readyState === socket.OPEN)
      socket.send(coding.encode(number + 1, Buffer.from(forwardError(port, error))));
  }
}

/** One connection to each of `ports`, until the client closes or all of them have ended. */
export async function serveChannelPortForward(
  socket: WebSocket,
  { protocol, ports }: { protocol: string; ports: readonly number[] },
  session: PortForwardSession,
): Promise<void> {
  const coding = codingOf(protocol);
  const channels = ports.map((port, i) => ({ port, number: 2 * i, reader: new ChannelReader(socket) }));
  const byNumber = new Map(channels.map((one) => [one.number, one.reader]));
  socket.on('message', (data) => {
    const message = coding.decode(messageBytes(data));
    if (message) byNumber.get(message.channel)?.receive(message.body);
  });
  socket.on('close', () => channels.forEach(({ reader }) => reader.destroy()));
  socket.on('error', () => socket.terminate());
  for (const { port, number } of channels) {
    socket.send(coding.encode(number, portBytes(port)));
    socket.send(coding.encode(number + 1, portBytes(port)));
  }
  await Promise.all(channels.map((channel) => forward({ socket, coding, session }, channel)));
  socket.close(1000);
}
