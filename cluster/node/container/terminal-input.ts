import type { Readable } from 'node:stream';
import { Pipe } from '../shell/byte-io.ts';
import type { ByteInput, ByteOutput } from '../shell/byte-io.ts';

const interrupt = 0x03;
const endOfInput = 0x04;
const backspaces = new Set([0x08, 0x7f]);
const killLine = 0x15;
const escape = 0x1b;

/** A terminal's driver: echoes what is typed, lets a line be corrected, and hands it on when it is finished. */
export class TerminalInput {
  readonly input: ByteInput;
  readonly #pipe = new Pipe();
  readonly #echo: ByteOutput;
  #line = '';
  #inEscape = false;
  onInterrupt: () => void = () => undefined;

  constructor(source: Readable, echo: ByteOutput) {
    this.input = this.#pipe;
    this.#echo = echo;
    void this.#feed(source);
  }

  async #feed(source: Readable): Promise<void> {
    try {
      for await (const chunk of source) for (const byte of chunk as Buffer) await this.#take(byte); // no encoding is set
    } catch {
      // the client has gone: its input has ended
    }
    if (this.#line) await this.#handOn('');
    this.#pipe.end();
  }

  async #take(byte: number): Promise<void> {
    // Arrow keys and their like: a letter ends the sequence.
    if (this.#inEscape) this.#inEscape = byte < 0x40 || byte === 0x5b || byte === 0x4f;
    else if (byte === escape) this.#inEscape = true;
    else await this.#type(byte);
  }

  async #type(byte: number): Promise<void> {
    if (byte === 13 || byte === 10) await this.#handOn('\n');
    else if (byte === interrupt) await this.#interrupt();
    else if (byte === endOfInput && this.#line === '') this.#pipe.end();
    else await this.#edit(byte);
  }

  async #edit(byte: number): Promise<void> {
    if (backspaces.has(byte) || byte === killLine) {
      const count = byte === killLine ? this.#line.length : Math.min(1, this.#line.length);
      this.#line = this.#line.slice(0, this.#line.length - count);
      await this.#echo.write('\b \b'.repeat(count));
    } else if (byte >= 0x20 || byte === 9) {
      this.#line += String.fromCharCode(byte);
      await this.#echo.write(Buffer.of(byte));
    }
  }

  async #interrupt(): Promise<void> {
    this.#line = '';
    await this.#echo.write('^C\n');
    this.onInterrupt();
  }

  async #handOn(end: string): Promise<void> {
    const line = this.#line + end;
    this.#line = '';
    if (end) await this.#echo.write('\n');
    await this.#pipe.write(Buffer.from(line, 'latin1'));
  }
}
