import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type CommandChannels, type CommandRequest, lastWords } from './command-channels.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-stream.ts';
import { terminalSizes } from './terminal-sizes.ts';

/** Of what a client offers, the first of these is taken. */
export const spdyCommandProtocols = [
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
] as const;

const streamsWithinMs = 30_000;

function expectedStreams(protocol: string, { stdin, stdout, stderr, tty }: CommandRequest): string[] {
  const hasSizes = tty && /^v[34]/.test(protocol);
  return Object.entries({ error: true, stdin, stdout, stderr, resize: hasSizes })
    .filter(([, wanted]) => wanted)
    .map(([type]) => type);
}

interface Opened {
  readonly connection: SpdyConnection;
  readonly streams: ReadonlyMap<string, SpdyStream>;
  readonly signal: AbortSignal;
}

/** Waits for the streams that the request has announced. */
function openStreams(socket: Duplex, head: Buffer, expected: readonly string[]): Promise<Opened | undefined> {
  const gone = new AbortController();
  const streams = new Map<string, SpdyStream>();
  return new Promise((resolve) => {
    const late = setTimeout(() => connection.close(), streamsWithinMs);
    const connection = new SpdyConnection(socket, {
      onStream: (stream) => {
        const type = stream.headers.streamtype ?? '';
        if (!expected.includes(type) || streams.has(type)) return stream.destroy();
        streams.set(type, stream);
        if (streams.size < expected.length) return;
        clearTimeout(late);
        resolve({ connection, streams, signal: gone.signal });
      },
      onClose: () => {
        clearTimeout(late);
        gone.abort();
        resolve(undefined);
      },
    });
    void connection.serve(head);
  });
}

async function closeStream(stream: SpdyStream): Promise<void> {
  stream.resume();
  stream.end();
  await finished(stream, { readable: false }).catch(() => undefined); // the client is gone: nothing left to send
}

/** The channels of a command on SPDY; nothing when the client goes before it has opened them all. */
export async function spdyCommand(
  socket: Duplex,
  head: Buffer,
  { protocol, request }: { protocol: string; request: CommandRequest },
): Promise<CommandChannels | undefined> {
  const opened = await openStreams(socket, head, expectedStreams(protocol, request));
  if (!opened) return undefined;
  const { connection, streams, signal } = opened;
  const [stdin, stdout, stderr, resize] = ['stdin', 'stdout', 'stderr', 'resize'].map((type) => streams.get(type));
  for (const stream of [stdout, stderr, streams.get('error')]) stream?.resume(); // nothing comes, but its end is seen
  return {
    streams: {
      ...(stdin && { stdin }),
      ...(stdout && { stdout }),
      ...(stderr && { stderr }),
      ...(resize && { resize: terminalSizes(resize) }),
      signal,
    },
    finish: async (outcome) => {
      const words = lastWords(outcome, request, protocol.startsWith('v4'));
      if (words) streams.get('error')?.write(words);
      await Promise.all([...streams.values()].map(closeStream));
      connection.end();
    },
  };
}
