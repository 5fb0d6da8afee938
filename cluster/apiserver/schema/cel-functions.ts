import { BlockList, isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@marcbachmann/cel-js';
import { findPattern, matchesPattern } from './linear-pattern.ts';
import { isQuantity, quantityValue } from './quantity.ts';
import { isCidr } from './value-format.ts';

type Comparable = number | bigint | string;

/** Numbers and texts as CEL has them: 1 and 1.0 are equal. */
function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint') return a == b; // an integer equals the double of its value
  return isDeepStrictEqual(a, b);
}

function isAmong(list: readonly unknown[], value: unknown): boolean {
  return list.some((item) => isEqual(item, value));
}

function extreme(list: readonly Comparable[], isBetter: (a: Comparable, b: Comparable) => boolean): Comparable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('min or max called on an empty list');
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first);
}

function addText(environment: Environment): void {
  const replace = (text: string, from: string, to: string): string => text.replaceAll(from, () => to);
  environment
    .registerFunction('string.linearMatches(string): bool', matchesPattern)
    .registerFunction('linearMatches(string, string): bool', matchesPattern)
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => [...text][Number(at)] ?? '')
    .registerFunction('string.replace(string, string): string', replace)
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => findPattern(text, pattern, 1)[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
      findPattern(text, pattern),
    )
    .registerFunction('string.findAll(string, int): list<string>', (text: string, pattern: string, limit: bigint) =>
      findPattern(text, pattern, limit < 0n ? Infinity : Number(limit)),
    );
}

function addLists(environment: Environment): void {
  const position = (at: number): bigint => BigInt(at);
  environment
    .registerFunction('list.isSorted(): bool', (list: Comparable[]) =>
      list.every((item, index) => index === 0 || (list[index - 1] ?? item) <= item),
    )
    .registerFunction('list.sum(): dyn', (list: number[]) => (list.length > 0 ? list.reduce((a, b) => a + b) : 0n))
    .registerFunction('list.min(): dyn', (list: Comparable[]) => extreme(list, (a, b) => a < b))
    .registerFunction('list.max(): dyn', (list: Comparable[]) => extreme(list, (a, b) => a > b))
    .registerFunction('list.indexOf(dyn): int', (list: unknown[], value: unknown) =>
      position(list.findIndex((item) => isEqual(item, value))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], value: unknown) =>
      position(list.findLastIndex((item) => isEqual(item, value))),
    );
}

class Sets {}

function addSets(environment: Environment): void {
  const contains = (_: Sets, list: unknown[], part: unknown[]): boolean => part.every((item) => isAmong(list, item));
  environment
    .registerType('Sets', { ctor: Sets, fields: {} })
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction('Sets.contains(list, list): bool', contains)
    .registerFunction(
      'Sets.equivalent(list, list): bool',
      (sets: Sets, a: unknown[], b: unknown[]) => contains(sets, a, b) && contains(sets, b, a),
    )
    .registerFunction('Sets.intersects(list, list): bool', (_: Sets, a: unknown[], b: unknown[]) =>
      a.some((item) => isAmong(b, item)),
    );
}

class Quantity {
  readonly value: number;

  constructor(text: string) {
    if (!isQuantity(text)) throw new Error(`${JSON.stringify(text)} is no quantity`);
    this.value = quantityValue(text);
  }
}

function addQuantities(environment: Environment): void {
  const compare = (a: Quantity, b: Quantity): bigint => BigInt(Math.sign(a.value - b.value));
  environment
    .registerType('Quantity', { ctor: Quantity, fields: { value: 'double' } })
    .registerFunction('isQuantity(string): bool', isQuantity)
    .registerFunction('quantity(string): Quantity', (text: string) => new Quantity(text))
    .registerFunction('Quantity.compareTo(Quantity): int', compare)
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Quantity, b: Quantity) => compare(a, b) > 0n)
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => compare(a, b) < 0n)
    .registerFunction('Quantity.asApproximateFloat(): double', ({ value }: Quantity) => value);
}

function addAddresses(environment: Environment): void {
  environment
    .registerType('Url', { ctor: URL, fields: {} })
    .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
    .registerFunction('url(string): Url', (text: string) => new URL(text))
    .registerFunction('Url.getScheme(): string', ({ protocol }: URL) => protocol.replace(/:$/, ''))
    .registerFunction('Url.getHost(): string', ({ host }: URL) => host)
    .registerFunction('Url.getHostname(): string', ({ hostname }: URL) => hostname)
    .registerFunction('Url.getPort(): string', ({ port }: URL) => port)
    .registerFunction('Url.getEscapedPath(): string', ({ pathname }: URL) => pathname)
    .registerFunction('isIP(string): bool', (text: string) => isIP(text) !== 0)
    .registerFunction('isCIDR(string): bool', isCidr)
    .registerType('Cidr', { ctor: Cidr, fields: {} })
    .registerFunction('cidr(string): Cidr', (text: string) => new Cidr(text))
    .registerFunction('Cidr.containsIP(string): bool', (cidr: Cidr, address: string) => cidr.contains(address));
}

class Cidr {
  readonly #block = new BlockList();

  constructor(text: string) {
    if (!isCidr(text)) throw new Error(`${JSON.stringify(text)} is no CIDR`);
    const [address = '', bits] = text.split('/');
    this.#block.addSubnet(address, Number(bits), familyOf(address));
  }

  contains(address: string): boolean {
    return isIP(address) !== 0 && this.#block.check(address, familyOf(address));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Adds what Kubernetes adds to CEL, as far as this server has it; `cluster/README.md` names the rest. */
export function addKubernetesFunctions(environment: Environment): Environment {
  for (const add of [addText, addLists, addSets, addQuantities, addAddresses]) add(environment);
  return environment;
}
