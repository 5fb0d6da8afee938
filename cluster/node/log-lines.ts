import { createHash } from 'node:crypto';

/** One run of a container, as far as its log goes. */
export interface LoggedRun {
  readonly podUid: string;
  readonly podName: string;
  readonly container: string;
  readonly node: string;
  readonly restartCount: number;
  readonly startedMs: number;
  /** Undefined while it runs. */
  readonly endedMs: number | undefined;
  readonly exitCode: number | undefined;
}

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

const everyMs = 5_000;
/** A node keeps the youngest part of a log only. */
const kept = 20_000;

/** How many lines the run has written by `nowMs`; the line with the exit code counts. */
export function lineCount(run: LoggedRun, nowMs: number): number {
  const untilMs = Math.max(run.startedMs, Math.min(nowMs, run.endedMs ?? Infinity));
  const written = Math.floor((untilMs - run.startedMs) / everyMs) + 1;
  return run.endedMs !== undefined && run.endedMs <= nowMs ? written + 1 : written;
}

export function firstKeptLine(run: LoggedRun, nowMs: number): number {
  return Math.max(0, lineCount(run, nowMs) - kept);
}

/** The first line with a time at or after `sinceMs`. */
export function lineAt(run: LoggedRun, sinceMs: number): number {
  return Math.max(0, Math.ceil((sinceMs - run.startedMs) / everyMs));
}

const paths = ['/', '/healthz', '/api/items', '/api/items/7', '/login', '/metrics'];

function madeUp(run: LoggedRun, index: number): string {
  const digest = createHash('sha256').update(`${run.podUid}/${run.container}/${run.restartCount}/${index}`).digest();
  const path = paths[(digest[0] ?? 0) % paths.length];
  const status = (digest[1] ?? 0) < 8 ? 500 : 200;
  const level = status === 500 ? 'error' : 'info';
  return `level=${level} msg="request served" path=${path} status=${status} duration=${(digest[2] ?? 0) % 90}ms`;
}

/** Line `index` of the run's log, counted from 0: always the same, whenever and however often it is read. */
export function lineOf(run: LoggedRun, index: number): LogLine {
  const atMs = run.startedMs + index * everyMs;
  if (index === 0) {
    const where = `${run.podName}/${run.container} on ${run.node}`;
    return {
      atMs,
      text: `This node is simulated: no real process runs here and every line below is made up (${where}).`,
    };
  }
  if (run.endedMs !== undefined && atMs > run.endedMs) {
    return { atMs: run.endedMs, text: `[simulated] exited with code ${run.exitCode ?? 0}` };
  }
  return { atMs, text: `[simulated] ${madeUp(run, index)}` };
}
