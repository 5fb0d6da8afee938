import type { Readable } from 'node:stream';
import type { TerminalSize } from '../node-runtime.ts';

const longestLine = 1_000;

function sizeIn(line: string): TerminalSize | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(line) as { Width?: unknown; Height?: unknown }; // checked below
    const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;
    return isSize(columns) && isSize(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

/** The sizes a client sends as JSON, one a line; whatever is no size is passed over. */
export async function* terminalSizes(input: Readable): AsyncGenerator<TerminalSize> {
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) {
      const size = sizeIn(line);
      if (size) yield size;
    }
  }
}
