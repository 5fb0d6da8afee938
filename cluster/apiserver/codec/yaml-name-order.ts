const isLetter = (sign: string | undefined): boolean => sign !== undefined && /\p{L}/u.test(sign);
const isDigit = (sign: string | undefined): boolean => sign !== undefined && /\p{Nd}/u.test(sign);

/** The number that begins at a place, and where it ends. */
function numberAt(signs: readonly string[], from: number, first: number): { value: number; end: number } {
  let [value, end] = [first, from];
  for (; isDigit(signs[end]); end++) value = value * 10 + Number(signs[end]);
  return { value, end };
}

/** Behind digits that are not all zero a zero counts: `a10` is more than `a1`. */
function isInsideNumber(signs: readonly string[], at: number): boolean {
  for (let before = at - 1; isDigit(signs[before]); before--) if (signs[before] !== '0') return true;
  return false;
}

function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const [p = '', q = ''] = [a[at], b[at]];
  const first = (p === '0' || q === '0') && isInsideNumber(a, at) ? 1 : 0;
  const [x, y] = [numberAt(a, at, first), numberAt(b, at, first)];
  if (x.value !== y.value) return x.value - y.value;
  return x.end !== y.end ? x.end - y.end : p < q ? -1 : 1;
}

/** The order of names in YAML: numbers within them by value, letters behind all other signs. */
export function compareNames(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  const at = a.findIndex((sign, index) => sign !== b[index]);
  if (at < 0 || at >= b.length) return a.length - b.length;
  const letters = isLetter(a[at]) || isLetter(b[at]);
  return letters ? compareLetters(a[at] ?? '', b[at] ?? '') : compareNumbers(a, b, at);
}

function compareLetters(p: string, q: string): number {
  if (isLetter(p) && isLetter(q)) return p < q ? -1 : 1;
  return isLetter(q) ? -1 : 1;
}
