const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** `4m ago` in the user's language; a clock that runs ahead reads as now. */
export function relativeTime(ageMs: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'auto' });
  const age = Math.max(0, ageMs);
  const [unit, size] = units.find(([, ms]) => age >= ms) ?? ['second', 1000];
  return format.format(-Math.floor(age / size), unit);
}
