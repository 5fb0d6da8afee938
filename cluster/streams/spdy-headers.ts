import { constants, createDeflate, createInflate } from 'node:zlib';
import type { Deflate, Inflate } from 'node:zlib';
import { spdyDictionary } from './spdy-dictionary.ts';

export type Headers = Readonly<Record<string, string>>;

/** Far more than the few short headers of a stream; keeps a small frame from growing without end. */
const mostHeaderBytes = 64 << 10;
const mostHeaders = 100;

/** One direction of a connection: all header blocks share one compression state, so their order must be kept. */
class Pump {
  readonly #stream: Deflate | Inflate;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(stream: Deflate | Inflate) {
    this.#stream = stream;
    stream.on('error', () => undefined); // each call has its own listener
  }

  run(bytes: Buffer): Promise<Buffer> {
    const result = this.#queue.then(() => this.#once(bytes));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  close(): void {
    this.#stream.close();
  }

  #once(bytes: Buffer): Promise<Buffer> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const onData = (chunk: Buffer): void => {
        size += chunk.length;
        if (size <= mostHeaderBytes) chunks.push(chunk);
      };
      stream.on('data', onData);
      stream.once('error', reject);
      stream.write(bytes, () =>
        stream.flush(constants.Z_SYNC_FLUSH, () => {
          stream.off('data', onData);
          stream.off('error', reject);
          if (size > mostHeaderBytes) reject(new Error('the headers of a stream are too large'));
          else resolve(Buffer.concat(chunks));
        }),
      );
    });
  }
}

/** Reads and writes the header blocks of one connection. */
export class HeaderCodec {
  readonly #inflate = new Pump(createInflate({ dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH }));
  readonly #deflate = new Pump(createDeflate({ dictionary: spdyDictionary }));

  async decode(block: Buffer): Promise<Headers> {
    return parse(await this.#inflate.run(block));
  }

  encode(headers: Headers): Promise<Buffer> {
    const pairs = Object.entries(headers);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(pairs.length);
    return this.#deflate.run(Buffer.concat([count, ...pairs.flat().map(text)]));
  }

  close(): void {
    this.#inflate.close();
    this.#deflate.close();
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function parse(block: Buffer): Headers {
  let at = 4;
  const take = (): string => {
    const length = block.readUInt32BE(at);
    const value = block.toString('utf8', at + 4, at + 4 + length);
    if (at + 4 + length > block.length) throw new Error('a header block ends in the middle of a header');
    at += 4 + length;
    return value;
  };
  const count = block.readUInt32BE(0);
  if (count > mostHeaders) throw new Error('a stream has too many headers');
  const headers: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const name = take().toLowerCase();
    headers[name] = take();
  }
  return headers;
}
