import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { JsonObject } from '../../schema/schema.ts';
import type { Exchange } from '../respond.ts';

const gzipped = promisify(gzip);

/** An encoding of a document, compressed when the first client wants it so. */
class Encoded {
  readonly #make: () => Buffer;
  #plain: Buffer | undefined;
  #compressed: Promise<Buffer> | undefined;

  constructor(make: () => Buffer) {
    this.#make = make;
  }

  get plain(): Buffer {
    return (this.#plain ??= this.#make());
  }

  compressed(): Promise<Buffer> {
    return (this.#compressed ??= gzipped(this.plain));
  }
}

export interface Encoding {
  /** Media types that ask for it. */
  readonly asked: readonly string[];
  readonly contentType: string;
  encode(document: JsonObject): Buffer;
}

export const asJson: Encoding = {
  asked: ['application/json', 'application/*', '*/*'],
  contentType: 'application/json',
  encode: (document) => Buffer.from(JSON.stringify(document)),
};

interface Served {
  readonly encoding: Encoding;
  readonly encoded: Encoded;
}

/** A document that is made once and served to many, each of whom may have it already. */
export class ServedDocument {
  readonly #encodings: readonly Served[];
  /** The same for all encodings, with the quotes of the header. */
  readonly etag: string;
  readonly hash: string;

  /** `encodings[0]` is the one its ETag is made of. */
  constructor(document: JsonObject, encodings: readonly [Encoding, ...Encoding[]]) {
    this.#encodings = encodings.map((encoding) => ({
      encoding,
      encoded: new Encoded(() => encoding.encode(document)),
    }));
    const bytes = this.#encodings[0]?.encoded.plain ?? Buffer.alloc(0);
    this.hash = createHash('sha512').update(bytes).digest('hex').toUpperCase();
    this.etag = `"${this.hash}"`;
  }

  #find(accept: string | undefined): Served | undefined {
    if (!accept) return this.#encodings[0];
    for (const part of accept.split(',')) {
      const type = part.split(';')[0]?.trim().toLowerCase() ?? '';
      const found = this.#encodings.find(({ encoding }) => encoding.asked.includes(type));
      if (found) return found;
    }
    return undefined;
  }

  async serve({ request, response, requestId }: Exchange): Promise<void> {
    const { headers } = request;
    response.setHeader('Cache-Control', 'no-cache, private');
    response.setHeader('Audit-Id', requestId);
    response.setHeader('Vary', 'Accept-Encoding, Accept');
    const found = this.#find(headers.accept);
    if (!found) return void response.writeHead(406, { 'Content-Length': 0 }).end();
    response.setHeader('Etag', this.etag);
    if (headers['if-none-match'] === this.etag) return void response.writeHead(304).end();
    const { encoding, encoded } = found;
    const compress = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
    const bytes = compress ? await encoded.compressed() : encoded.plain;
    response.writeHead(200, {
      'Content-Type': encoding.contentType,
      'Content-Length': bytes.length,
      ...(compress && { 'Content-Encoding': 'gzip' }),
    });
    response.end(bytes);
  }
}
