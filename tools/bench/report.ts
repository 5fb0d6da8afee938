import type { Load } from './load.ts';

export interface Figure {
  readonly what: string;
  readonly value: string;
  /** The budget it has to keep, where there is one. */
  readonly budget?: string;
  /** What a peer does on a like machine, and which. */
  readonly peer?: string;
}

export const rate = (load: Load): string =>
  `${load.perSecond.toFixed(0)}/s, p50 ${load.p50Ms.toFixed(1)} ms, p95 ${load.p95Ms.toFixed(1)} ms`;
export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;

/** The figures as a Markdown table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((f) => [f.what, f.value, f.budget ?? '', f.peer ?? '']);
  return [['what', 'measured', 'budget', 'peer'], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}
