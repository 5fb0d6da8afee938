const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const parts: readonly (readonly [pattern: RegExp, layout: string])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^(?:0[1-9]|1[0-2])/, '01'],
  [/^-/, '-'],
  [/^(?:0[1-9]|[12]\d|3[01])/, '02'],
  [/^T/, 'T'],
  [/^(?:[01]\d|2[0-3])/, '15'],
  [/^:/, ':'],
  [/^[0-5]\d/, '04'],
  [/^:/, ':'],
  [/^[0-5]\d(?:\.\d+)?/, '05'],
  [/^(?:Z|[+-]\d{2}:\d{2})/, 'Z07:00'],
];

/** What Go's parser says about a text that is not an RFC 3339 time; undefined for one that is. */
export function timeProblem(value: string, micro = false): string | undefined {
  if (rfc3339.test(value) && !Number.isNaN(Date.parse(value))) return undefined;
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
  let rest = value;
  for (const [pattern, part] of parts) {
    const match = pattern.exec(rest);
    if (!match)
      return `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${part}"`;
    rest = rest.slice(match[0].length);
  }
  return `parsing time ${JSON.stringify(value)}: ${rest ? `extra text: ${JSON.stringify(rest)}` : 'day out of range'}`;
}
