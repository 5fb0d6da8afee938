export type LogLevel = 'error' | 'warning' | 'info' | 'debug';

export interface LogLine {
  /** Grows by one with each line of a stream, and is never used twice. */
  readonly id: number;
  /** As the container runtime noted it, RFC 3339. */
  readonly time: string;
  readonly text: string;
  readonly level: LogLevel | undefined;
}

const levels: readonly (readonly [RegExp, LogLevel])[] = [
  [/^(?:fatal|panic|crit(?:ical)?|err(?:or)?|emerg|alert)$/i, 'error'],
  [/^warn(?:ing)?$/i, 'warning'],
  [/^(?:info|notice)$/i, 'info'],
  [/^(?:debug|trace)$/i, 'debug'],
];

const klogLevels: Readonly<Record<string, LogLevel>> = { E: 'error', F: 'error', W: 'warning', I: 'info' };
const jsonLevel = /"(?:level|severity|lvl|log\.level)"\s*:\s*"(\w+)"/;
const namedLevel = /(?:^|\s)(?:level|lvl|severity)=(\w+)/;
const plainLevel = /^[^a-z]{0,40}?\b(FATAL|PANIC|CRITICAL|ERROR|WARN(?:ING)?|INFO|NOTICE|DEBUG|TRACE)\b/;

/** The level a line states: JSON, logfmt, klog, or a capital word near its start. */
export function levelOf(text: string): LogLevel | undefined {
  const klog = /^([IWEF])\d{4} /.exec(text)?.[1];
  if (klog) return klogLevels[klog];
  const word = jsonLevel.exec(text)?.[1] ?? namedLevel.exec(text)?.[1] ?? plainLevel.exec(text)?.[1];
  return word === undefined ? undefined : levels.find(([pattern]) => pattern.test(word))?.[1];
}

/** Colour codes say nothing in a log view. */
function withoutColours(text: string): string {
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

/**
 * Takes a log with timestamps in pieces of any size and gives whole lines. A line that was already given is passed
 * over, since a stream that is taken up again begins with the second in which it broke.
 */
export class LogSplitter {
  #rest = '';
  #nextId = 0;
  #lastTime = '';
  #isResuming = false;

  /** The time of the newest line: where to take the stream up again. */
  get lastTime(): string {
    return this.#lastTime;
  }

  push(piece: string): LogLine[] {
    const parts = (this.#rest + piece).split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.flatMap((part) => this.#line(part));
  }

  /** What stands after the last line break, when the stream has ended. */
  end(): LogLine[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : this.#line(rest);
  }

  #line(raw: string): LogLine[] {
    const stamped = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s.exec(raw);
    const time = stamped?.[1] ?? '';
    if (time !== '' && this.#lastTime !== '' && compareTimes(time, this.#lastTime) <= 0 && this.#isResuming) return [];
    if (time !== '') this.#lastTime = time;
    this.#isResuming = false;
    const text = withoutColours((stamped?.[2] ?? raw).replace(/\r$/, ''));
    return [{ id: this.#nextId++, time, text, level: levelOf(text) }];
  }

  /** Call before the stream is taken up again. */
  resume(): void {
    this.#rest = '';
    this.#isResuming = true;
  }
}

/** Fractions of a second come with trailing zeros cut, so `…:01.5Z` is after `…:01.25Z`. */
function compareTimes(a: string, b: string): number {
  const pad = (time: string) => {
    const [head = '', fraction = ''] = time.replace(/(?:Z|[+-]\d\d:\d\d)$/, '').split('.');
    return `${head}.${fraction.padEnd(9, '0')}`;
  };
  return pad(a).localeCompare(pad(b));
}
