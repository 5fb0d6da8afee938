import { randomBytes } from 'node:crypto';

/** One frame of RFC 6455, unmasked. */
export interface SocketFrame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly payload: Buffer;
}

export const opcodes = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

function headOf(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, 0x80 | length]);
  if (length < 65_536) {
    const head = Buffer.from([0x80 | opcode, 0x80 | 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** A frame as a client writes it: whole and masked. */
export function encodeFrame(opcode: number, payload: Uint8Array): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload);
  for (let at = 0; at < masked.length; at += 1) masked[at] = (masked[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return Buffer.concat([headOf(opcode, masked.length), mask, masked]);
}

interface Measured {
  readonly start: number;
  readonly length: number;
}

/** Where the payload of the first frame begins and how long it is; `undefined` until that much has come. */
function measure(bytes: Buffer): Measured | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  if (short < 126) return { start: 2, length: short };
  if (short === 126) return bytes.length < 4 ? undefined : { start: 4, length: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { start: 10, length: Number(bytes.readBigUInt64BE(2)) };
}

/** Cuts what a server sends into its frames, however it arrives in pieces. */
export class FrameReader {
  readonly #longestBytes: number;
  #parts: Buffer[] = [];
  #held = 0;
  #needed = 2;

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  /** The frames that are complete now. Throws when one is longer than allowed, or masked, which a server's never is. */
  push(bytes: Buffer): SocketFrame[] {
    this.#parts.push(bytes);
    this.#held += bytes.length;
    if (this.#held < this.#needed) return []; // a long frame in many pieces is joined once
    let rest = Buffer.concat(this.#parts);
    const frames: SocketFrame[] = [];
    for (let end = this.#endOf(rest); end <= rest.length; end = this.#endOf(rest)) {
      const start = measure(rest)?.start ?? 0;
      const first = rest[0] ?? 0;
      frames.push({ opcode: first & 0x0f, isLast: (first & 0x80) !== 0, payload: rest.subarray(start, end) });
      rest = rest.subarray(end);
    }
    this.#parts = [rest];
    this.#held = rest.length;
    this.#needed = this.#endOf(rest);
    return frames;
  }

  /** The end of the first frame, or more than there is while its head is not complete. */
  #endOf(bytes: Buffer): number {
    if (bytes.length > 1 && ((bytes[1] ?? 0) & 0x80) !== 0) throw new Error('a frame of a server is masked');
    const measured = measure(bytes);
    if (!measured) return bytes.length + 1;
    if (measured.length > this.#longestBytes) throw new Error(`a frame of ${measured.length} bytes`);
    return measured.start + measured.length;
  }
}
