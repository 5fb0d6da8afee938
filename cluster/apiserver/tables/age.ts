import { record } from '../kinds/rules/set-default.ts';
import type { JsonObject } from '../schema/schema.ts';

const second = 1000; // the only milliseconds; what follows counts seconds
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Up to how many seconds a duration is written in a unit, and in which finer one its rest. */
const forms: readonly (readonly [
  below: number,
  unit: number,
  letter: string,
  restUnit?: number,
  restLetter?: string,
])[] = [
  [120, 1, 's'],
  [10 * minute, minute, 'm', 1, 's'],
  [3 * hour, minute, 'm'],
  [8 * hour, hour, 'h', minute, 'm'],
  [2 * day, hour, 'h'],
  [8 * day, day, 'd', hour, 'h'],
  [2 * year, day, 'd'],
  [8 * year, year, 'y', day, 'd'],
  [Infinity, year, 'y'],
];

/** A duration as tables print it: `4s`, `2m3s`, `5h`, `3d4h`, `3y20d`. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / second);
  if (seconds < 0) return seconds < -1 ? '<invalid>' : '0s';
  const [, unit, letter, restUnit, restLetter] = forms.find(([below]) => seconds < below) ?? [0, year, 'y'];
  const rest = restUnit ? Math.floor((seconds % unit) / restUnit) : 0;
  return `${Math.floor(seconds / unit)}${letter}${rest > 0 ? `${rest}${restLetter}` : ''}`;
}

/** The age of a timestamp at `nowMs`; `<unknown>` without one. */
export function ageOf(time: unknown, nowMs: number): string {
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? '<unknown>' : humanDuration(nowMs - at);
}

export function ageOfObject(object: JsonObject, nowMs: number): string {
  return ageOf(record(object['metadata'])?.['creationTimestamp'], nowMs);
}
