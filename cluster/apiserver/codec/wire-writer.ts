const two32 = 2 ** 32;

/**
 * Writes protobuf from the end to the beginning: the length of a message is known once its content is written, so that
 * nothing is measured twice or copied.
 */
export class WireWriter {
  #buffer: Buffer;
  /** Where the written bytes begin. */
  #at: number;

  constructor(size = 4096) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#at = size;
  }

  /** How much is written. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** What is written; the writer's own memory. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  #reserve(size: number): void {
    if (size <= this.#at) return;
    const length = Math.max(this.#buffer.length * 2, this.length + size);
    const grown = Buffer.allocUnsafe(length);
    const at = length - this.length;
    this.#buffer.copy(grown, at, this.#at);
    this.#at = at;
    this.#buffer = grown;
  }

  /** A whole number of up to 53 bits, negative ones as 64-bit two's complement. */
  varint(value: number): void {
    if (value < 0) return this.#negative(value);
    this.#reserve(10);
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    this.#at -= size;
    let rest = value;
    for (let index = this.#at; ; index++) {
      const isLast = rest < 0x80;
      // the bits of a number beyond 32 need arithmetic; those below can be masked
      const low = rest < two32 ? rest & 0x7f : rest % 0x80;
      this.#buffer[index] = isLast ? rest : low | 0x80;
      if (isLast) return;
      rest = Math.floor(rest / 0x80);
    }
  }

  #negative(value: number): void {
    this.#reserve(10);
    this.#at -= 10;
    let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
    for (let index = 0; index < 9; index++, rest >>= 7n) this.#buffer[this.#at + index] = Number(rest & 0x7fn) | 0x80;
    this.#buffer[this.#at + 9] = Number(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#at -= 8;
    this.#buffer.writeDoubleLE(value, this.#at);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#at -= bytes.length;
    this.#buffer.set(bytes, this.#at);
  }

  /** A text in UTF-8 or, as `base64`, the bytes it stands for, with its length before it. */
  text(value: string, encoding: 'utf8' | 'base64' = 'utf8'): void {
    const size = Buffer.byteLength(value, encoding);
    this.#reserve(size);
    this.#at -= size;
    const written = this.#buffer.write(value, this.#at, size, encoding);
    // base64 with stray characters decodes to fewer bytes than its length promises
    if (written < size) {
      this.#buffer.copyWithin(this.#at + size - written, this.#at, this.#at + written);
      this.#at += size - written;
    }
    this.varint(written);
  }

  /** Puts the length of what has been written since `before` in front of it. */
  close(before: number): void {
    this.varint(this.length - before);
  }
}
