import { functionTable, type FunctionTable } from '../functions/function-table.ts';
import { readType } from '../types/cel-type.ts';
import { CelError, type OpaqueValue, type Value } from '../values/value.ts';
import { addressText, readAddress, type Address } from './address-text.ts';

type Read<T> = T | { readonly problem: string };

class Ip implements OpaqueValue {
  readonly celType = readType('net.IP');
  readonly address: Address;
  constructor(address: Address) {
    this.address = address;
  }
  equals(other: Value): boolean {
    return (
      other instanceof Ip && other.address.bits === this.address.bits && other.address.width === this.address.width
    );
  }
}

class Cidr implements OpaqueValue {
  readonly celType = readType('net.CIDR');
  readonly address: Address;
  readonly length: number;
  constructor(address: Address, length: number) {
    this.address = address;
    this.length = length;
  }
  equals(other: Value): boolean {
    return other instanceof Cidr && other.length === this.length && new Ip(other.address).equals(new Ip(this.address));
  }
  masked(): Cidr {
    const rest = BigInt(this.address.width - this.length);
    return new Cidr({ ...this.address, bits: (this.address.bits >> rest) << rest }, this.length);
  }
  contains({ bits, width }: Address): boolean {
    const rest = BigInt(width - this.length);
    return width === this.address.width && bits >> rest === this.address.bits >> rest;
  }
}

const isMapped = ({ bits, width }: Address): boolean => width === 128 && bits >> 32n === 0xffffn;

function readIp(text: string): Read<Ip> {
  const address = readAddress(text);
  const quoted = JSON.stringify(text);
  if ('problem' in address)
    return { problem: `IP Address ${quoted} parse error during conversion from string: ParseAddr(${quoted}): ${address.problem}` }; // prettier-ignore
  if (address.zone !== undefined) return { problem: `IP address ${quoted} with zone value is not allowed` };
  return isMapped(address) ? { problem: `IPv4-mapped IPv6 address ${quoted} is not allowed` } : new Ip(address);
}

const context = 'network address parse error during conversion from string: ';

function readCidr(text: string): Read<Cidr> {
  const quoted = JSON.stringify(text);
  const failed = (problem: string): Read<Cidr> => ({ problem: `${context}netip.ParsePrefix(${quoted}): ${problem}` });
  const slash = text.lastIndexOf('/');
  if (slash < 0) return failed("no '/'");
  const [host, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  const address = readAddress(host);
  if ('problem' in address) return failed(`ParseAddr(${JSON.stringify(host)}): ${address.problem}`);
  if (address.zone !== undefined) return failed('IPv6 zones cannot be present in a prefix');
  if (!/^(0|[1-9]\d*)$/.test(bits)) return failed(`bad bits after slash: ${JSON.stringify(bits)}`);
  if (Number(bits) > address.width) return failed('prefix length out of range');
  if (isMapped(address)) return { problem: `IPv4-mapped IPv6 address ${quoted} is not allowed` };
  return new Cidr(address, Number(bits));
}

function ip(text: string): Ip {
  const read = readIp(text);
  if ('problem' in read) throw new CelError(read.problem);
  return read;
}

function cidr(text: string): Cidr {
  const read = readCidr(text);
  if ('problem' in read) throw new CelError(context + read.problem);
  return read;
}

/** A text in place of an address must be one: to the function it is an argument of a wrong type. */
function given<T extends object>(read: Read<T>): T {
  if ('problem' in read) throw new CelError('no such overload');
  return read;
}

const bitsOf = (text: string): bigint => {
  const address = readAddress(text);
  return 'problem' in address ? 0n : address.bits;
};
/** True for addresses of one of the blocks. */
function within(v4: string, v6: string): (ip: Ip) => boolean {
  const blocks = [v4, v6].map(cidr);
  return ({ address }) => blocks.some((block) => block.contains(address));
}
const isUnspecified = ({ address }: Ip): boolean => address.bits === 0n;
const isLoopback = within('127.0.0.0/8', '::1/128');
const isMulticast = within('224.0.0.0/4', 'ff00::/8');
const isLinkLocalUnicast = within('169.254.0.0/16', 'fe80::/10');
const broadcast = bitsOf('255.255.255.255');
const isGlobalUnicast = (it: Ip): boolean =>
  ![isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast].some((is) => is(it)) &&
  !(it.address.width === 32 && it.address.bits === broadcast);

/** Link-local multicast of IPv6 is told by its scope. */
function isLinkLocalMulticast({ address: { bits, width } }: Ip): boolean {
  return width === 32
    ? bits >> 8n === bitsOf('224.0.0.0') >> 8n
    : bits >> 120n === 0xffn && ((bits >> 112n) & 0xfn) === 2n;
}

const containsCidr = (outer: Cidr, inner: Cidr): boolean =>
  outer.length <= inner.length && outer.contains(inner.address);
const textOfCidr = (it: Cidr): string => `${addressText(it.address)}/${it.length}`;

/** IP addresses and blocks of them. */
export const addressTable: FunctionTable = functionTable([
  ['ip', '(string): net.IP', ip],
  ['isIP', '(string): bool', (text: string) => !('problem' in readIp(text))],
  ['ip.isCanonical', '(string): bool', (text: string) => addressText(ip(text).address) === text],
  ['family', 'net.IP.(): int', ({ address }: Ip) => (address.width === 32 ? 4n : 6n)],
  ['isUnspecified', 'net.IP.(): bool', isUnspecified],
  ['isLoopback', 'net.IP.(): bool', isLoopback],
  ['isLinkLocalMulticast', 'net.IP.(): bool', isLinkLocalMulticast],
  ['isLinkLocalUnicast', 'net.IP.(): bool', isLinkLocalUnicast],
  ['isGlobalUnicast', 'net.IP.(): bool', isGlobalUnicast],
  ['string', '(net.IP): string', ({ address }: Ip) => addressText(address)],
  ['cidr', '(string): net.CIDR', cidr],
  ['isCIDR', '(string): bool', (text: string) => !('problem' in readCidr(text))],
  ['containsIP', 'net.CIDR.(string): bool', (block: Cidr, text: string) => block.contains(given(readIp(text)).address)],
  ['containsIP', 'net.CIDR.(net.IP): bool', (block: Cidr, it: Ip) => block.contains(it.address)],
  [
    'containsCIDR',
    'net.CIDR.(string): bool',
    (block: Cidr, text: string) => containsCidr(block, given(readCidr(text))),
  ],
  ['containsCIDR', 'net.CIDR.(net.CIDR): bool', containsCidr],
  ['ip', 'net.CIDR.(): net.IP', ({ address }: Cidr) => new Ip(address)],
  ['prefixLength', 'net.CIDR.(): int', ({ length }: Cidr) => BigInt(length)],
  ['masked', 'net.CIDR.(): net.CIDR', (block: Cidr) => block.masked()],
  ['string', '(net.CIDR): string', textOfCidr],
]);
