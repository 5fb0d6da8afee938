/** An address as its bits; the messages are those of Go's `net/netip`. */
export type Address = { readonly bits: bigint; readonly width: 32 | 128; readonly zone?: string };
type Read = Address | { readonly problem: string };

/** Reads an IPv4 or IPv6 address. */
export function readAddress(text: string): Read {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') return readV4(text);
  if (first === ':') return readV6(text);
  return { problem: first === '%' ? 'missing IPv6 address' : 'unable to parse IP' };
}

function readV4(text: string): Read {
  const fields = text.split('.');
  let at = 0;
  let bits = 0n;
  for (const [index, field] of fields.entries()) {
    const problem = fieldProblem(text, field, at) ?? (index > 3 ? 'IPv4 address too long' : undefined);
    if (problem !== undefined) return { problem };
    bits = (bits << 8n) | BigInt(field);
    at += field.length + 1;
  }
  return fields.length < 4 ? { problem: 'IPv4 address too short' } : { bits, width: 32 };
}

function fieldProblem(text: string, field: string, at: number): string | undefined {
  const bad = /[^0-9]/.exec(field);
  const digits = bad ? field.slice(0, bad.index) : field;
  if (digits.length > 1 && digits.startsWith('0')) return 'IPv4 field has octet with leading zero';
  if (Number(digits) > 255) return 'IPv4 field has value >255';
  if (bad) return `unexpected character (at ${JSON.stringify(text.slice(at + bad.index))})`;
  return field === '' ? `IPv4 field must have at least one digit (at ${JSON.stringify(text.slice(Math.max(at - (at === text.length ? 1 : 0), 0)))})` : undefined; // prettier-ignore
}

interface Groups {
  groups: number[];
  gap: number;
}

function readV6(text: string): Read {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? undefined : text.slice(percent + 1);
  if (zone === '') return { problem: 'zone must be a non-empty string' };
  const read = readGroups(percent < 0 ? text : text.slice(0, percent));
  if ('problem' in read) return read;
  const filled = fill(read);
  if ('problem' in filled) return filled;
  const bits = filled.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
  return { bits, width: 128, ...(zone !== undefined && { zone }) };
}

/** Eight groups: the gap stands for those that are zero. */
function fill({ groups, gap }: Groups): number[] | { problem: string } {
  if (gap < 0) return groups.length < 8 ? { problem: 'address string too short' } : groups;
  if (groups.length > 7) return { problem: 'the :: must expand to at least one field of zeros' };
  return [...groups.slice(0, gap), ...Array<number>(8 - groups.length).fill(0), ...groups.slice(gap)];
}

function readGroups(text: string): Groups | { problem: string } {
  const found: Groups = { groups: [], gap: -1 };
  let rest = text;
  if (rest.startsWith('::')) {
    found.gap = 0;
    rest = rest.slice(2);
  }
  while (rest !== '') {
    if (found.groups.length >= 8) return { problem: `trailing garbage after address (at ${JSON.stringify(rest)})` };
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (digits.length > 4) return { problem: `each group must have 4 or less digits (at ${JSON.stringify(rest)})` };
    if (digits === '')
      return { problem: `each colon-separated field must have at least one digit (at ${JSON.stringify(rest)})` };
    if (rest[digits.length] === '.') return withV4(found, rest);
    found.groups.push(parseInt(digits, 16));
    const next = afterGroup(found, rest.slice(digits.length));
    if (typeof next !== 'string') return next;
    rest = next;
  }
  return found;
}

/** What follows a group: nothing, a colon and more, or the gap. */
function afterGroup(found: Groups, rest: string): string | { problem: string } {
  if (rest === '') return rest;
  if (!rest.startsWith(':')) return { problem: `unexpected character, want colon (at ${JSON.stringify(rest)})` };
  if (rest === ':') return { problem: 'colon must be followed by more characters (at ":")' };
  if (!rest.startsWith('::')) return rest.slice(1);
  if (found.gap >= 0) return { problem: `multiple :: in address (at ${JSON.stringify(rest.slice(1))})` };
  found.gap = found.groups.length;
  return rest.slice(2);
}

function withV4(found: Groups, rest: string): Groups | { problem: string } {
  const where = `(at ${JSON.stringify(rest)})`;
  if (found.gap < 0 && found.groups.length !== 6)
    return { problem: `embedded IPv4 address must replace the final 2 fields of the address ${where}` };
  if (found.groups.length + 2 > 8) return { problem: `too many hex fields to fit an embedded IPv4 at the end of the address ${where}` }; // prettier-ignore
  const inner = readV4(rest);
  if ('problem' in inner) return inner;
  found.groups.push(Number(inner.bits >> 16n), Number(inner.bits & 0xffffn));
  return found;
}

/** The one way to write an address. */
export function addressText({ bits, width }: Address): string {
  if (width === 32) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(112 - index * 16)) & 0xffffn));
  const gap = longestZeros(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (!gap) return hex(groups);
  return `${hex(groups.slice(0, gap.from))}::${hex(groups.slice(gap.to))}`;
}

function longestZeros(groups: readonly number[]): { from: number; to: number } | undefined {
  let best: { from: number; to: number } | undefined;
  for (let from = 0; from < groups.length; from += 1) {
    let to = from;
    while (to < groups.length && groups[to] === 0) to += 1;
    if (to - from >= 2 && to - from > (best ? best.to - best.from : 0)) best = { from, to };
    from = Math.max(from, to - 1);
  }
  return best;
}
