const suffixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Thousandths of a unit as a Kubernetes quantity in its shortest decimal form: `1500m`, `2`, `3k`. */
export function milliText(milli: number): string {
  if (milli % 1000 !== 0) return `${milli}m`;
  let value = milli / 1000;
  let power = 0;
  while (value !== 0 && value % 1000 === 0 && power < suffixes.length - 1) {
    value /= 1000;
    power++;
  }
  return `${value}${suffixes[power] ?? ''}`;
}
