import { expect, it } from 'vitest';
import { loginRecordsToDrop } from './login-records-to-drop.ts';

const dayMs = 24 * 3_600_000;
const nowMs = 100 * dayMs;
const records = (count: number, createdMs: number): { name: string; createdMs: number }[] =>
  Array.from({ length: count }, (_, n) => ({ name: `jane-${n}`, createdMs: createdMs + n }));

it('keeps a week', () => {
  const old = { name: 'old', createdMs: nowMs - 8 * dayMs };
  const fresh = { name: 'fresh', createdMs: nowMs - 6 * dayMs };
  expect(loginRecordsToDrop([old, fresh], nowMs)).toEqual([old]);
});

it('keeps the newest hundred', () => {
  const dropped = loginRecordsToDrop(records(103, nowMs - dayMs), nowMs);
  expect(dropped.map(({ name }) => name).sort()).toEqual(['jane-0', 'jane-1', 'jane-2']);
});
