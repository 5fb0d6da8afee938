import { describe, expect, test } from 'vitest';
import { levelOf, LogSplitter } from './log-lines.ts';

describe('levelOf', () => {
  test.each([
    ['{"level":"error","msg":"x"}', 'error'],
    ['{"severity": "WARNING"}', 'warning'],
    ['time=1 level=debug msg="x"', 'debug'],
    ['E0102 12:00:00.1 1 main.go:1] x', 'error'],
    ['2026-01-01 12:00:00 ERROR could not', 'error'],
    ['[WARN] disk', 'warning'],
    ['GET /error 200', undefined],
    ['no error here', undefined],
    ['it said ERROR late in a long line of words', undefined],
  ])('%s', (text, expected) => expect(levelOf(text)).toBe(expected));
});

describe('LogSplitter', () => {
  const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

  test('gives whole lines only, however the stream is cut', () => {
    const splitter = new LogSplitter();
    expect(texts(splitter.push('2026-01-01T00:00:01.1Z one\n2026-01-01T00:0'))).toEqual(['one']);
    expect(texts(splitter.push('0:02.1Z two\r\n'))).toEqual(['two']);
    splitter.push('2026-01-01T00:00:03Z last');
    expect(texts(splitter.end())).toEqual(['last']);
  });

  test('an empty line is a line', () => {
    expect(texts(new LogSplitter().push('2026-01-01T00:00:01Z \n'))).toEqual(['']);
  });

  test('leaves colour codes out', () => {
    expect(texts(new LogSplitter().push('2026-01-01T00:00:01Z \u001b[31mred\u001b[0m\n'))).toEqual(['red']);
  });

  test('after a break, lines it has given do not come again, and two of one time both came', () => {
    const splitter = new LogSplitter();
    expect(splitter.push('2026-01-01T00:00:01.25Z a\n2026-01-01T00:00:01.25Z b\n')).toHaveLength(2);
    splitter.resume();
    const again = splitter.push('2026-01-01T00:00:01.25Z a\n2026-01-01T00:00:01.25Z b\n2026-01-01T00:00:01.5Z c\n');
    expect(again).toMatchObject([{ text: 'c', id: 2, time: '2026-01-01T00:00:01.5Z' }]);
    expect(splitter.lastTime).toBe('2026-01-01T00:00:01.5Z');
  });
});
