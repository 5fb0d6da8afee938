import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import { readAddress } from '../../cel/libraries/address-text.ts';
import { isCidr } from '../../schema/value-format.ts';
import { invalid } from './cause.ts';

const addressNote = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const cidrNote = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const mappedBits = 0xffffn;

/** Without zeros that lead: some read them as octal numbers, so that the text means two addresses. */
function withoutZeros(text: string): string {
  return text.replace(/\d+(?:\.\d+){3}/, (quad) => quad.replace(/\d+/g, (part) => String(Number(part))));
}

/** An IPv6 address that stands for an IPv4 one. */
function isMapped(ip: string): boolean {
  const read = readAddress(ip);
  return 'bits' in read && read.width === 128 && read.bits >> 32n === mappedBits;
}

/** An address, though it may be written as none should be. */
export const isReadable = (ip: string): boolean => isIP(withoutZeros(ip)) !== 0;

/** Why a text is no address that can be written down, or nothing. */
export function addressProblem(ip: string): string | undefined {
  if (!isIP(ip)) return isReadable(ip) ? 'must not have leading 0s' : addressNote;
  return isMapped(ip) ? 'must not be an IPv4-mapped IPv6 address' : undefined;
}

function hasBitsBeyond(address: string, length: number): boolean {
  const read = readAddress(address);
  return 'bits' in read && (read.bits & ((1n << BigInt(read.width - length)) - 1n)) !== 0n;
}

function cidrProblem(cidr: string): string | undefined {
  const [address = '', length = ''] = cidr.split('/');
  if (!isCidr(cidr)) {
    const readable = isCidr(`${withoutZeros(address)}${cidr.slice(address.length).replace(/^\/0+(?=\d)/, '/')}`);
    return readable ? 'must not have leading 0s in IP or prefix length' : cidrNote;
  }
  if (isMapped(address)) return 'must not have an IPv4-mapped IPv6 address';
  return hasBitsBeyond(address, Number(length)) ? 'must not have bits set beyond the prefix length' : undefined;
}

export function validateAddress(ip: string, field: string): Cause[] {
  const problem = addressProblem(ip);
  return problem ? [invalid(field, ip, problem)] : [];
}

export function validateCidr(cidr: string, field: string): Cause[] {
  const problem = cidrProblem(cidr);
  return problem ? [invalid(field, cidr, problem)] : [];
}

/** As the address, or the first address of a range, is written by those who compare texts. */
export function canonicalAddress(text: string): string {
  const [address = ''] = text.split('/');
  if (isIP(address) !== 6 || !URL.canParse(`http://[${address}]`)) return text;
  return new URL(`http://[${address}]`).hostname.slice(1, -1) + text.slice(address.length);
}

function validateForm(text: string, field: string): Cause[] {
  const canonical = canonicalAddress(text);
  return canonical === text ? [] : [invalid(field, text, `must be in canonical form (${JSON.stringify(canonical)})`)];
}

/** What is wrong with an address that must be written in one way only. */
export function validateCanonicalAddress(ip: string, field: string): Cause[] {
  const causes = validateAddress(ip, field);
  return causes.length > 0 ? causes : validateForm(ip, field);
}

/** What is wrong with a range that must be written in one way only. */
export function validateCanonicalCidr(cidr: string, field: string): Cause[] {
  const causes = validateCidr(cidr, field);
  return causes.length > 0 ? causes : validateForm(cidr, field);
}

/** True when two addresses, or two ranges, are of one IP family. */
export function haveSharedFamily(list: readonly string[]): boolean {
  const families = list.map((text) => text.includes(':'));
  return new Set(families).size < families.length;
}
