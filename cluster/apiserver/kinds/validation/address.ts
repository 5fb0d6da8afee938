import { isIP } from 'node:net';
import type { Cause } from '@kit/base';
import { isCidr } from '../../schema/value-format.ts';
import { invalid } from './cause.ts';

export const addressNote = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const cidrNote = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export function validateAddress(ip: string, field: string): Cause[] {
  return isIP(ip) ? [] : [invalid(field, ip, addressNote)];
}

export function validateCidr(cidr: string, field: string): Cause[] {
  return isCidr(cidr) ? [] : [invalid(field, cidr, cidrNote)];
}

/** True when two addresses, or two ranges, are of one IP family. */
export function haveSharedFamily(list: readonly string[]): boolean {
  const families = list.map((text) => text.includes(':'));
  return new Set(families).size < families.length;
}
