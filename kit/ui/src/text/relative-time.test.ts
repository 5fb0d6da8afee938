import { expect, test } from 'vitest';
import { relativeTime } from './relative-time.ts';

test.each([
  { why: 'just now', ageMs: 0, en: 'now', ko: '지금' },
  { why: 'a clock that runs ahead is now', ageMs: -5000, en: 'now', ko: '지금' },
  { why: 'seconds', ageMs: 59_999, en: '59s ago', ko: '59초 전' },
  { why: 'a whole minute', ageMs: 60_000, en: '1m ago', ko: '1분 전' },
  { why: 'hours round down', ageMs: 2.9 * 3_600_000, en: '2h ago', ko: '2시간 전' },
  { why: 'days', ageMs: 3 * 86_400_000, en: '3d ago', ko: '3일 전' },
])('$why', ({ ageMs, en, ko }) => {
  expect(relativeTime(ageMs, 'en')).toBe(en);
  expect(relativeTime(ageMs, 'ko')).toBe(ko);
});
