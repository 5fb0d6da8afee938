import { AsyncLocalStorage } from 'node:async_hooks';
import { Secret } from './secret.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';
export type Fields = Readonly<Record<string, unknown>>;

/** A log line is constant text plus fields; the request id of the work under way is added by itself. */
export interface Logger {
  debug(text: string, fields?: Fields): void;
  info(text: string, fields?: Fields): void;
  warn(text: string, fields?: Fields): void;
  error(text: string, fields?: Fields): void;
  /** A logger whose lines all carry `fields`. */
  with(fields: Fields): Logger;
}

const requestIds = new AsyncLocalStorage<string>();

/** Runs `work` so that every line logged below it carries `requestId`. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return requestIds.run(requestId, work);
}

/** The request id of the work under way, if there is one. */
export function currentRequestId(): string | undefined {
  return requestIds.getStore();
}

const order: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

function plain(value: unknown): unknown {
  if (value instanceof Secret) return '***';
  if (!(value instanceof Error)) return value;
  const cause = value.cause === undefined ? {} : { cause: plain(value.cause) };
  return { name: value.name, message: value.message, stack: value.stack, ...cause };
}

export interface LoggerOptions {
  readonly level?: Level;
  /** Takes one finished line, without a line end. Default: standard error. */
  readonly write?: (line: string) => void;
  readonly now?: () => number;
}

/** Logs JSON lines: `time`, `level`, `text`, `requestId`, then the fields. Errors keep their causes, secrets print as `***`. */
export function createLogger(options: LoggerOptions = {}, bound: Fields = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const now = options.now ?? Date.now;
  const floor = order[options.level ?? 'info'];
  const at = (level: Level) => (text: string, fields?: Fields) => {
    if (order[level] < floor) return;
    const requestId = requestIds.getStore();
    const all = { ...bound, ...fields };
    const values = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, plain(value)]));
    write(
      JSON.stringify({ time: new Date(now()).toISOString(), level, text, ...(requestId && { requestId }), ...values }),
    );
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLogger(options, { ...bound, ...fields }),
  };
}

/** A logger that says nothing, for tests and libraries without one. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLogger,
};
