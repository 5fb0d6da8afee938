/** Control frames of SPDY/3.1 that Kubernetes streams use. */
export const controlType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const flagFin = 1;
const headBytes = 8;
/** Ends of Kubernetes streams write at most 32 KiB at once; whoever sends far more is no client of ours. */
const largestFrame = 4 << 20;
const idMask = 0x7fffffff;

export type Frame =
  | { readonly is: 'data'; readonly streamId: number; readonly fin: boolean; readonly body: Buffer }
  | { readonly is: 'control'; readonly type: number; readonly flags: number; readonly body: Buffer };

export function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(body.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, body]);
}

export function dataHead(streamId: number, fin: boolean, length: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt32BE(length, 4);
  head.writeUInt8(fin ? flagFin : 0, 4);
  return head;
}

/** The 31-bit number that most control frames begin with, at `offset`. */
export function numberAt(body: Buffer, offset = 0): number {
  return body.length >= offset + 4 ? body.readUInt32BE(offset) & idMask : 0;
}

export function numberBytes(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value >>> 0, 4 * i));
  return bytes;
}

/** Cuts what arrives into frames. Throws on a frame that is too large to be meant. */
export class FrameCutter {
  #rest: Buffer[] = [];
  #size = 0;
  #wanted = headBytes;

  add(chunk: Buffer): Frame[] {
    this.#rest.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return [];
    let bytes = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest);
    const frames: Frame[] = [];
    this.#wanted = headBytes;
    while (bytes.length >= headBytes) {
      const length = bytes.readUIntBE(5, 3);
      if (length > largestFrame) throw new Error(`a frame of ${length} bytes is larger than any client sends`);
      this.#wanted = headBytes + length;
      if (bytes.length < this.#wanted) break;
      frames.push(frameOf(bytes.subarray(0, this.#wanted)));
      bytes = bytes.subarray(this.#wanted);
      this.#wanted = headBytes;
    }
    this.#rest = bytes.length > 0 ? [bytes] : [];
    this.#size = bytes.length;
    return frames;
  }
}

function frameOf(bytes: Buffer): Frame {
  const flags = bytes.readUInt8(4);
  const body = bytes.subarray(headBytes);
  if (bytes.readUInt8(0) & 0x80) return { is: 'control', type: bytes.readUInt16BE(2), flags, body };
  return { is: 'data', streamId: bytes.readUInt32BE(0) & idMask, fin: (flags & flagFin) !== 0, body };
}
