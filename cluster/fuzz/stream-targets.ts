import { Duplex, PassThrough } from 'node:stream';
import { controlFrame, controlType, dataHead, FrameCutter, numberBytes } from '../streams/spdy-frames.ts';
import { HeaderCodec } from '../streams/spdy-headers.ts';
import { SpdyConnection } from '../streams/spdy-connection.ts';
import { terminalSizes } from '../streams/terminal-sizes.ts';
import { codingOf, commandProtocols } from '../streams/web-socket-command.ts';
import { texts } from './target.ts';
import type { Target } from './target.ts';

/** A connection as `kubectl exec` has it: a stream is opened, written to and ended; then a ping. */
async function conversation(): Promise<Buffer> {
  const codec = new HeaderCodec();
  const open = async (id: number, headers: Record<string, string>): Promise<Buffer> => {
    const head = Buffer.concat([numberBytes(id, 0), Buffer.alloc(2)]);
    return controlFrame(controlType.synStream, 0, Buffer.concat([head, await codec.encode(headers)]));
  };
  const streams = [
    await open(1, { streamtype: 'error' }),
    await open(3, { streamtype: 'stdin' }),
    await open(5, { streamtype: 'resize', port: '8080', requestid: '0' }),
  ];
  codec.close();
  const body = Buffer.from('{"Width":80,"Height":24}\n');
  const rest = [
    dataHead(5, false, body.length),
    body,
    dataHead(3, true, 0),
    controlFrame(controlType.ping, 0, numberBytes(1)),
  ];
  return Buffer.concat([...streams, ...rest]);
}

/** All that a serving end does with what arrives; a broken frame ends the connection and nothing else. */
async function serve(bytes: Buffer): Promise<void> {
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  socket.push(bytes);
  socket.push(null);
  const connection = new SpdyConnection(socket, {
    onStream: (stream) => void stream.on('error', () => undefined).resume(),
  });
  await connection.serve(Buffer.alloc(0));
}

/** Cut in two anywhere, bytes give the same frames as in one piece. */
function cut(bytes: Buffer): void {
  const whole = framesOf([bytes]);
  const middle = bytes.length >> 1;
  const halves = framesOf([bytes.subarray(0, middle), bytes.subarray(middle)]);
  if (whole !== halves) throw new Error('frames differ by how their bytes arrive');
}

function framesOf(chunks: readonly Buffer[]): string {
  const cutter = new FrameCutter();
  try {
    return JSON.stringify(chunks.flatMap((chunk) => cutter.add(chunk)));
  } catch {
    return 'too large'; // ends the connection, as it should
  }
}

async function readSizes(bytes: Buffer): Promise<void> {
  const input = new PassThrough();
  input.end(bytes);
  for await (const { columns, rows } of terminalSizes(input)) {
    if (!(columns > 0 && rows > 0)) throw new Error(`no size: ${columns} x ${rows}`);
  }
}

/** What reads the streams of exec, attach and port-forward. */
export async function streamTargets(): Promise<Target[]> {
  const talk = await conversation();
  const endedAtOnce = Buffer.from(talk);
  endedAtOnce[4] = 1; // the first stream ends where it begins
  return [
    { name: 'SPDY frames', seeds: [talk], read: cut },
    { name: 'SPDY connection', seeds: [talk, endedAtOnce], read: serve },
    {
      name: 'WebSocket channels',
      seeds: texts('\u0000input', '0aW5wdXQ=', '\u0004{"Width":80,"Height":24}', '\u00ff\u0000'),
      read: (bytes) => commandProtocols.map((protocol) => codingOf(protocol).decode(bytes)),
    },
    { name: 'terminal sizes', seeds: texts('{"Width":80,"Height":24}\n{"Width":1,"Height":1}\n'), read: readSizes },
  ];
}
