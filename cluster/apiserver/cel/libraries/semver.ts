import { functionTable, type FunctionTable } from '../functions/function-table.ts';
import { readType } from '../types/cel-type.ts';
import { CelError, type OpaqueValue, type Value } from '../values/value.ts';

type Problem = { readonly problem: string };

class Semver implements OpaqueValue {
  readonly celType = readType('kubernetes.Semver');
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly before: readonly (string | bigint)[];

  constructor(numbers: Semver['numbers'], before: Semver['before']) {
    this.numbers = numbers;
    this.before = before;
  }

  equals(other: Value): boolean {
    return other instanceof Semver && compareVersions(this, other) === 0n;
  }
}

function order<T extends bigint | string>(a: T, b: T): bigint {
  return a < b ? -1n : a > b ? 1n : 0n;
}

function compareVersions(a: Semver, b: Semver): bigint {
  for (const [index, number] of a.numbers.entries()) {
    const found = order(number, b.numbers[index] ?? 0n);
    if (found !== 0n) return found;
  }
  if (a.before.length === 0 || b.before.length === 0) return order(BigInt(b.before.length), BigInt(a.before.length)) && (a.before.length === 0 ? 1n : -1n); // prettier-ignore
  return compareBefore(a.before, b.before);
}

/** Numbers come before texts; what is longer comes later. */
function compareBefore(a: readonly (string | bigint)[], b: readonly (string | bigint)[]): bigint {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1n;
    if (typeof left !== typeof right) return typeof left === 'bigint' ? -1n : 1n;
    const found = order(left, right); // compared above
    if (found !== 0n) return found;
  }
  return order(BigInt(a.length), BigInt(b.length));
}

const partNames = ['major', 'minor', 'patch'];

function numberProblem(text: string, name: string): string | undefined {
  if (!/^\d*$/.test(text)) return `Invalid character(s) found in ${name} number ${JSON.stringify(text)}`;
  if (text.length > 1 && text.startsWith('0'))
    return `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} number must not contain leading zeroes ${JSON.stringify(text)}`;
  return text === '' ? `strconv.ParseUint: parsing "": invalid syntax` : undefined;
}

function beforeProblem(text: string): string | undefined {
  if (text === '') return 'Prerelease is empty';
  if (/^\d+$/.test(text))
    return text.length > 1 && text.startsWith('0')
      ? `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(text)}`
      : undefined;
  return /^[0-9A-Za-z-]+$/.test(text) ? undefined : `Invalid character(s) found in prerelease ${JSON.stringify(text)}`;
}

function buildProblem(text: string): string | undefined {
  if (text === '') return 'Build meta data is empty';
  return /^[0-9A-Za-z-]+$/.test(text)
    ? undefined
    : `Invalid character(s) found in build meta data ${JSON.stringify(text)}`;
}

function parse(text: string): Semver | Problem {
  if (text === '') return { problem: 'Version string empty' };
  const [major = '', minor = '', ...others] = text.split('.');
  if (others.length === 0) return { problem: 'No Major.Minor.Patch elements found' };
  const [release, builds] = cut(others.join('.'), '+');
  const [patch, befores] = cut(release, '-');
  const before = befores?.split('.') ?? [];
  const problem = firstProblem([major, minor, patch], before, builds?.split('.') ?? []);
  if (problem !== undefined) return { problem };
  return new Semver([BigInt(major), BigInt(minor), BigInt(patch)], before.map(identifierOf));
}

function identifierOf(text: string): string | bigint {
  return /^\d+$/.test(text) ? BigInt(text) : text;
}

/** What stands before the mark and, if it is there, after it. */
function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function firstProblem(
  numbers: readonly string[],
  before: readonly string[],
  build: readonly string[],
): string | undefined {
  return [
    ...numbers.map((text, index) => numberProblem(text, partNames[index] ?? '')),
    ...before.map(beforeProblem),
    ...build.map(buildProblem),
  ].find((problem) => problem !== undefined);
}

/** Puts up with a leading `v`, zeros in front and parts left out. */
function normalized(text: string): Semver | Problem {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length > 0 ? [rest.join('.')] : [])];
  const plain = parts.map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, '').replace(/^0*(?!\d)(?=.)(?=[^0-9])/, '0'.repeat(part.startsWith('0') ? 1 : 0)) : part)); // prettier-ignore
  if (plain.length < 3 && /[+-]/.test(plain.at(-1) ?? ''))
    return { problem: 'short version cannot contain PreRelease/Build meta data' };
  while (plain.length < 3) plain.push('0');
  return parse(plain.join('.'));
}

function semver(text: string, tolerant = false): Semver {
  const parsed = tolerant ? normalized(text) : parse(text);
  if ('problem' in parsed) throw new CelError(parsed.problem);
  return parsed;
}

const isSemver = (text: string, tolerant = false): boolean =>
  !('problem' in (tolerant ? normalized(text) : parse(text)));
const self = 'kubernetes.Semver';

/** Semantic versions. */
export const semverTable: FunctionTable = functionTable([
  ['semver', `(string): ${self}`, (text: string) => semver(text)],
  ['semver', `(string, bool): ${self}`, semver],
  ['isSemver', '(string): bool', (text: string) => isSemver(text)],
  ['isSemver', '(string, bool): bool', isSemver],
  ['isGreaterThan', `${self}.(${self}): bool`, (a: Semver, b: Semver) => compareVersions(a, b) > 0n],
  ['isLessThan', `${self}.(${self}): bool`, (a: Semver, b: Semver) => compareVersions(a, b) < 0n],
  ['compareTo', `${self}.(${self}): int`, compareVersions],
  ['major', `${self}.(): int`, ({ numbers }: Semver) => numbers[0]],
  ['minor', `${self}.(): int`, ({ numbers }: Semver) => numbers[1]],
  ['patch', `${self}.(): int`, ({ numbers }: Semver) => numbers[2]],
]);
