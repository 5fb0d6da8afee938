/** An interval of indexes, its ends included. */
interface Interval {
  readonly from: number;
  readonly to: number;
}

/** How many indexes a list like `0,2-4` names, or what is wrong with it. Intervals come in order and do not meet. */
export function intervalCount(text: string, completions: number): number | string {
  let count = 0;
  let last = -1;
  for (const part of text === '' ? [] : text.split(',')) {
    const interval = intervalOf(part, completions);
    if (typeof interval === 'string') return interval;
    const { from, to } = interval;
    if (last >= from) return `non-increasing order, previous: ${last}, current: ${from}`;
    if (part.includes('-') && from >= to) return `non-increasing order, previous: ${from}, current: ${to}`;
    count += to - from + 1;
    last = to;
  }
  return count;
}

function intervalOf(part: string, completions: number): Interval | string {
  const [first = '', second = first, ...more] = part.split('-');
  if (more.length > 0)
    return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`;
  const from = indexOf(first, completions);
  if (typeof from === 'string') return from;
  const to = indexOf(second, completions);
  return typeof to === 'string' ? to : { from, to };
}

function indexOf(text: string, completions: number): number | string {
  if (!/^[+-]?\d+$/.test(text)) return `cannot convert string to integer for index: ${JSON.stringify(text)}`;
  return Number(text) >= completions ? `too large index: ${JSON.stringify(text)}` : Number(text);
}
