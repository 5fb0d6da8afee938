import { crc32, deflateRawSync, constants } from 'node:zlib';

/** A piece of text compressed by itself, so that pieces put one after the other are a compressed text again. */
interface Piece {
  /** Deflate blocks that look at nothing before them and end at a byte. */
  readonly blocks: Uint8Array;
  readonly crc: number;
  readonly length: number;
  /** What the checksum before this piece is multiplied by when the piece is appended. */
  readonly shift: number;
}

const pieces = new WeakMap<Uint8Array, Piece>(); // a memo keyed by bytes that never change: nobody can see it but by the time saved

const polynomial = 0xedb88320;

/** The product of two polynomials over GF(2) modulo CRC-32's, bits reversed as in its checksums. */
function times(left: number, right: number): number {
  let product = 0;
  let power = right;
  for (let bit = 31; bit >= 0; bit--) {
    if ((left >>> bit) & 1) product ^= power;
    power = power & 1 ? (power >>> 1) ^ polynomial : power >>> 1;
  }
  return product >>> 0;
}

/** x to the power of 2^n, for n from 0 to 31. */
const squares: readonly number[] = (() => {
  const list = [0x40000000];
  for (let n = 1; n < 32; n++) list.push(times(list[n - 1] as number, list[n - 1] as number)); // cast: filled in order
  return list;
})();

/** x to the power of 8 * bytes: what a checksum is multiplied by when so many bytes follow. */
function shiftOf(bytes: number): number {
  let product = 0x80000000; // 1
  for (let n = 3, left = bytes; left > 0; n++, left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = times(squares[n % 32] as number, product); // cast: the list has 32
  }
  return product;
}

function pieceOf(bytes: Uint8Array): Piece {
  const known = pieces.get(bytes);
  if (known) return known;
  const piece = {
    blocks: blocksOf(bytes),
    crc: crc32(bytes),
    length: bytes.byteLength,
    shift: shiftOf(bytes.byteLength),
  };
  pieces.set(bytes, piece);
  return piece;
}

/** So few bytes are put in as they are: to compress them takes longer and makes them no shorter. */
const fewBytes = 100;

function blocksOf(bytes: Uint8Array): Uint8Array {
  const { byteLength } = bytes;
  if (byteLength <= fewBytes) return Buffer.concat([Buffer.from([0, byteLength, 0, 255 - byteLength, 255]), bytes]);
  const blocks = deflateRawSync(bytes, { level: 4, memLevel: 6, finishFlush: constants.Z_SYNC_FLUSH });
  // A copy: the result is a slice of a buffer several times as long.
  const own = Buffer.allocUnsafeSlow(blocks.length);
  blocks.copy(own);
  return own;
}

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block. */
const lastBlock = Buffer.from([3, 0]);

/**
 * One gzip text of the bytes of all parts (RFC 1952). Each part is compressed once in its life and its blocks put in as
 * they are; only the checksum of the whole is worked out anew, from those of the parts.
 */
export function gzipParts(parts: readonly Uint8Array[]): Uint8Array[] {
  const written: Uint8Array[] = [header];
  let crc = 0;
  let length = 0;
  for (const part of parts) {
    const piece = pieceOf(part);
    written.push(piece.blocks);
    crc = (times(piece.shift, crc) ^ piece.crc) >>> 0;
    length += piece.length;
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc, 0);
  end.writeUInt32LE(length % 2 ** 32, 4);
  written.push(lastBlock, end);
  return written;
}

/** Whether an `Accept-Encoding` header takes gzip. */
export function takesGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => /^\s*(gzip|\*)\s*(;\s*q=(0?\.\d*[1-9]\d*|1(\.0*)?))?\s*$/.test(one));
}
