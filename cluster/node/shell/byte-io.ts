/** Where a command reads. */
export interface ByteInput {
  /** The next bytes; undefined at the end. */
  read(): Promise<Buffer | undefined>;
  /** Gives back bytes that belong to whoever reads next. */
  unread(bytes: Buffer): void;
}

/** Where a command writes; resolves when there is room for more. */
export interface ByteOutput {
  write(bytes: Buffer | string): Promise<void>;
}

/** Whoever read has gone: the writer ends too, as by SIGPIPE. */
export class PipeClosed extends Error {}

export const emptyInput: ByteInput = { read: () => Promise.resolve(undefined), unread: () => undefined };
export const nullOutput: ByteOutput = { write: () => Promise.resolve() };

/** Bytes of anything that can be gone through. */
export class IterableInput implements ByteInput {
  readonly #source: AsyncIterator<Uint8Array | string>;
  #back: Buffer[] = [];

  constructor(source: AsyncIterable<Uint8Array | string>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async read(): Promise<Buffer | undefined> {
    const back = this.#back.pop();
    if (back) return back;
    const next = await this.#source.next();
    return next.done ? undefined : Buffer.from(next.value as Uint8Array); // a text has a conversion of the same name
  }

  unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#back.push(bytes);
  }
}

export function bytesInput(content: Buffer | string): ByteInput {
  const pipe = new Pipe();
  void pipe.write(content);
  pipe.end();
  return pipe;
}

const roomBytes = 64 << 10;

/** Joins two commands: the writer waits while much is unread. */
export class Pipe implements ByteInput, ByteOutput {
  #chunks: Buffer[] = [];
  #size = 0;
  #ended = false;
  #readerGone = false;
  #wakeReader: () => void = () => undefined;
  #wakeWriter: () => void = () => undefined;

  async write(bytes: Buffer | string): Promise<void> {
    if (this.#readerGone) throw new PipeClosed('nobody reads');
    const chunk = Buffer.from(bytes as Buffer); // a text has a conversion of the same name
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#wakeReader();
    while (this.#size > roomBytes && !this.#readerGone)
      await new Promise<void>((resolve) => (this.#wakeWriter = resolve));
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader();
  }

  closeReader(): void {
    this.#readerGone = true;
    this.#wakeWriter();
  }

  async read(): Promise<Buffer | undefined> {
    while (this.#chunks.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    const chunk = this.#chunks.shift();
    if (chunk) this.#size -= chunk.length;
    this.#wakeWriter();
    return chunk;
  }

  unread(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#chunks.unshift(bytes);
    this.#size += bytes.length;
  }
}

/** Keeps what is written: `$(command)`. */
export class CollectedOutput implements ByteOutput {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  write(bytes: Buffer | string): Promise<void> {
    const chunk = Buffer.from(bytes as Buffer); // a text has a conversion of the same name
    this.#size += chunk.length;
    if (this.#size > 16 << 20) return Promise.reject(new PipeClosed('too much output to keep'));
    this.#chunks.push(chunk);
    return Promise.resolve();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** Everything up to the end. */
export async function readAll(input: ByteInput): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let chunk = await input.read(); chunk; chunk = await input.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Up to and without the next line feed; undefined at the end. */
export async function readLine(input: ByteInput): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = await input.read();
    if (!chunk) return chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined;
    const at = chunk.indexOf(10);
    chunks.push(at < 0 ? chunk : chunk.subarray(0, at));
    if (at < 0) continue;
    input.unread(chunk.subarray(at + 1));
    return Buffer.concat(chunks).toString();
  }
}
