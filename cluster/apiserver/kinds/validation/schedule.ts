const ranges: readonly (readonly [min: number, max: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const days = 'sun mon tue wed thu fri sat'.split(' ');
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** What is wrong with a cron schedule of five fields; undefined when nothing is. */
export function validateSchedule(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    const known = descriptors.includes(schedule) || /^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(schedule);
    return known ? undefined : `unrecognized descriptor: ${schedule}`;
  }
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, field] of fields.entries()) {
    const problem = field
      .split(',')
      .map((part) => partProblem(part, index))
      .find(Boolean);
    if (problem) return problem;
  }
  return undefined;
}

function partProblem(part: string, index: number): string | undefined {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return `too many slashes: ${part}`;
  if (step !== undefined && !(Number(step) > 0)) return `step of range should be a positive number: ${part}`;
  return range === '*' || range === '?' ? undefined : rangeProblem(part, range, index);
}

function rangeProblem(part: string, range: string, index: number): string | undefined {
  const [min, max] = ranges[index] ?? [0, 0];
  const [from = '', to = from, ...rest] = range.split('-');
  if (rest.length > 0) return `too many hyphens: ${part}`;
  const [start, end] = [valueOf(from, index), valueOf(to, index)];
  if (start === undefined) return notANumber(from);
  if (end === undefined) return notANumber(to);
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${part}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${part}`;
  return start > end ? `beginning of range (${start}) beyond end of range (${end}): ${part}` : undefined;
}

function notANumber(text: string): string {
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}

function valueOf(text: string, index: number): number | undefined {
  const lower = text.toLowerCase();
  if (index === 3 && months.includes(lower)) return months.indexOf(lower) + 1;
  if (index === 4 && days.includes(lower)) return days.indexOf(lower);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
