import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isWithin, nearest, reachOf } from './address-reach.ts';
import type { Reach } from './address-reach.ts';

const rows: [why: string, address: string, reach: Reach | undefined][] = [
  ['an address of the Internet', '93.184.216.34', 'public'],
  ['the same in IPv6', '2606:2800:220:1:248:1893:25c8:1946', 'public'],
  ['a network of one’s own', '10.1.2.3', 'private'],
  ['the services of a cluster', '10.96.0.1', 'private'],
  ['just outside of 172.16/12', '172.32.0.1', 'public'],
  ['a carrier’s network', '100.64.0.1', 'private'],
  ['unique local IPv6', 'fd12::1', 'private'],
  ['IPv4 behind a translator, which may be any', '64:ff9b::a9fe:a9fe', 'private'],
  ['this machine', '127.0.0.1', 'loopback'],
  ['all of 127/8 is', '127.9.9.9', 'loopback'],
  ['this machine in IPv6', '::1', 'loopback'],
  ['this machine, mapped', '::ffff:127.0.0.1', 'loopback'],
  ['the metadata of most clouds', '169.254.169.254', undefined],
  ['the same, mapped', '::ffff:169.254.169.254', undefined],
  ['the metadata of AWS in IPv6', 'fd00:ec2::254', undefined],
  ['the metadata of Alibaba, within a carrier’s network', '100.100.100.200', undefined],
  ['link-local IPv6', 'fe80::1', undefined],
  ['what Linux takes for this machine', '0.0.0.0', undefined],
  ['the same in IPv6', '::', undefined],
  ['everybody', '224.0.0.1', undefined],
  ['broadcast', '255.255.255.255', undefined],
  ['a name', 'example.com', undefined],
];

describe('where an address is', () => {
  it.each(rows)('%s', (_why, address, reach) => {
    expect(reachOf(address)).toBe(reach);
  });

  it('is compared: nobody is led nearer than where they were sent', () => {
    const limits = (['public', 'private', 'loopback'] as const).map((limit) =>
      (['public', 'private', 'loopback', undefined] as const).map((reach) => isWithin(reach, limit)),
    );
    expect(limits).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, true, true, false],
    ]);
    expect([nearest([]), nearest(['private', 'public']), nearest(['public', 'loopback', 'private'])]).toEqual([
      'public',
      'private',
      'loopback',
    ]);
  });

  it('is this machine by name for few names', () => {
    const hosts = ['localhost', 'idp.localhost', '127.0.0.1', '[::1]', 'localhost.example.com', '10.0.0.1', 'local'];
    expect(hosts.map(isLoopbackHost)).toEqual([true, true, true, true, false, false, false]);
  });
});
