import { describe, expect, it } from 'vitest';
import { mayReach } from './outbound-reach.ts';

const cases: readonly [address: string, may: boolean, why: string][] = [
  ['93.184.216.34', true, 'the Internet'],
  ['10.1.2.3', true, 'a registry in the company'],
  ['127.0.0.1', false, 'this machine'],
  ['127.255.0.9', false, 'this machine, by another of its addresses'],
  ['::1', false, 'this machine'],
  ['::ffff:127.0.0.1', false, 'this machine, written as IPv6'],
  ['0.0.0.0', false, 'this machine, on Linux'],
  ['169.254.169.254', false, 'the metadata of a cloud'],
  ['fd00:ec2::254', false, 'the metadata of a cloud'],
  ['100.100.100.200', false, 'the metadata of a cloud'],
  ['fe80::1', false, 'the next machine'],
  ['64:ff9b::7f00:1', false, 'an address that is translated to one of the above'],
  ['224.0.0.1', false, 'everybody'],
  ['localhost', false, 'a name is no address'],
];

describe('mayReach', () => {
  it.each(cases)('%s: %s, %s', (address, may) => {
    expect(mayReach(address)).toBe(may);
  });

  it('takes in this machine where that is wanted, and never more', () => {
    expect(mayReach('127.0.0.1', true)).toBe(true);
    expect(mayReach('169.254.169.254', true)).toBe(false);
  });
});
