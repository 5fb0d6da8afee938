import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogLine } from './log-lines.ts';
import type { ByteOutput } from './shell/byte-io.ts';

/** A node keeps the youngest part of a log only. */
const mostBytes = 1 << 20;
const writesPerTurn = 50;

/** What a command in a container has written, line by line, with the time each line began. */
export class RecordedLog implements ByteOutput {
  readonly #now: () => number;
  readonly #lines: LogLine[] = [];
  /** The index of the oldest line that is kept. */
  #first = 0;
  #bytes = 0;
  #writes = 0;
  #isOpen = false;
  #changed: (() => void)[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A command that writes all the time still lets others work. */
  async write(bytes: Buffer | string): Promise<void> {
    for (const part of bytes.toString().split(/(?<=\n)/)) if (part !== '') this.#append(part);
    this.#wake();
    if (++this.#writes % writesPerTurn === 0) await nextTurn();
  }

  /** Tells who waits that nothing will follow. */
  end(): void {
    this.#wake();
  }

  get first(): number {
    return this.#first;
  }

  /** Lines so far, the one that still grows among them. */
  get count(): number {
    return this.#first + this.#lines.length;
  }

  /** A line as it was written: the last one may lack its line feed. */
  line(index: number): LogLine {
    return this.#lines[index - this.#first] ?? { atMs: this.#now(), text: '' };
  }

  /** The first line with a time at or after `sinceMs`. */
  lineAt(sinceMs: number): number {
    const index = this.#lines.findIndex(({ atMs }) => atMs >= sinceMs);
    return index < 0 ? this.count : this.#first + index;
  }

  /** Calls once, at the next change. */
  onceChanged(run: () => void): void {
    this.#changed.push(run);
  }

  #append(part: string): void {
    const last = this.#isOpen ? this.#lines.pop() : undefined;
    this.#lines.push({ atMs: last?.atMs ?? this.#now(), text: (last?.text ?? '') + part });
    this.#isOpen = !part.endsWith('\n');
    this.#bytes += part.length;
    while (this.#bytes > mostBytes && this.#lines.length > 1) {
      this.#bytes -= this.#lines.shift()?.text.length ?? 0;
      this.#first++;
    }
  }

  #wake(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const run of waiting) run();
  }
}
