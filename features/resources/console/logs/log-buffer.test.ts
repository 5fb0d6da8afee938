import { expect, test } from 'vitest';
import { LogBuffer, mostLines } from './log-buffer.ts';

const line = (id: number) => ({ id, time: '', text: String(id), level: undefined });

test('many pieces between two frames are one change', () => {
  const flushes: (() => void)[] = [];
  const buffer = new LogBuffer((flush) => flushes.push(flush));
  let told = 0;
  buffer.subscribe(() => (told += 1));
  buffer.append([line(0)]);
  buffer.append([line(1)]);
  expect(flushes).toHaveLength(1);
  flushes[0]?.();
  expect(told).toBe(1);
  expect(buffer.lines().map(({ id }) => id)).toEqual([0, 1]);
});

test('keeps the newest lines and counts what it dropped', () => {
  const buffer = new LogBuffer((flush) => flush());
  buffer.append(Array.from({ length: mostLines }, (_, id) => line(id)));
  buffer.append([line(mostLines), line(mostLines + 1)]);
  expect(buffer.lines()).toHaveLength(mostLines);
  expect(buffer.lines()[0]?.id).toBe(2);
  expect(buffer.dropped).toBe(2);
});
