import type { ContainerSpec } from '../reconcile/pod.ts';
import { commandOf } from './container/runnable-command.ts';
import { firstKeptLine, lineAt, lineCount, lineOf, type LoggedRun, type LogLine } from './log-lines.ts';
import type { RecordedLog } from './recorded-log.ts';

/** The log of one run of a container, wherever it comes from. Lines are counted from 0 and carry their line feed. */
export interface LogSource {
  first(nowMs: number): number;
  /** How many lines there are by now. */
  count(nowMs: number): number;
  line(index: number): LogLine;
  lineAt(sinceMs: number): number;
  /** Calls once, when there is more; absent: whoever waits looks again. */
  onceChanged?(run: () => void): void;
}

/** A log that says that it is made up: of containers whose command nobody here can run. */
export function madeUpLog(run: LoggedRun): LogSource {
  return {
    first: (nowMs) => firstKeptLine(run, nowMs),
    count: (nowMs) => lineCount(run, nowMs),
    line: (index) => {
      const { atMs, text } = lineOf(run, index);
      return { atMs, text: `${text}\n` };
    },
    lineAt: (sinceMs) => lineAt(run, sinceMs),
  };
}

/** What a command that was run has written. */
export function recordedSource(log: RecordedLog): LogSource {
  return {
    first: () => log.first,
    count: () => log.count,
    line: (index) => log.line(index),
    lineAt: (sinceMs) => log.lineAt(sinceMs),
    onceChanged: (run) => log.onceChanged(run),
  };
}

/** The log of a command that prints nothing, or whose words went with an earlier process of the node. */
export const emptyLog: LogSource = {
  first: () => 0,
  count: () => 0,
  line: () => ({ atMs: 0, text: '' }),
  lineAt: () => 0,
};

const silent = new Set(['sleep', 'true', 'false', ':']);

/** Whether the command alone tells that nothing is printed. */
export function isSilent(container: ContainerSpec): boolean {
  const [program = ''] = commandOf(container);
  return silent.has(program.slice(program.lastIndexOf('/') + 1));
}
