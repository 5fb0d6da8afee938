import { BlockList, isIP } from 'node:net';

/** What is found at an address: nothing one would be sent to on purpose, this machine, any IPv4 address, or others. */
export type Network = 'never' | 'loopback' | 'translated' | 'private' | 'public';

type Subnet = readonly [network: string, prefix: number];

const networks: readonly (readonly [Network, readonly Subnet[]])[] = [
  [
    // Where a machine asks who it is and gets credentials for the answer, where packets go to nobody or to everybody, and
    // 0.0.0.0, which Linux takes for this machine. Some lie within networks below, and so they come first.
    'never',
    [
      ['0.0.0.0', 8],
      ['169.254.0.0', 16],
      ['100.100.100.200', 32],
      ['168.63.129.16', 32],
      ['192.0.0.192', 32],
      ['224.0.0.0', 3],
      ['::', 128],
      ['fe80::', 10],
      ['fd00:ec2::254', 128],
      ['ff00::', 8],
    ],
  ],
  [
    'loopback',
    [
      ['127.0.0.0', 8],
      ['::1', 128],
    ],
  ],
  [
    // Translated to IPv4 addresses, which may be any of the others.
    'translated',
    [
      ['64:ff9b::', 96],
      ['64:ff9b:1::', 48],
      ['2002::', 16],
    ],
  ],
  [
    // RFC 6890: not of the Internet.
    'private',
    [
      ['10.0.0.0', 8],
      ['100.64.0.0', 10],
      ['172.16.0.0', 12],
      ['192.0.0.0', 24],
      ['192.168.0.0', 16],
      ['198.18.0.0', 15],
      ['fc00::', 7],
    ],
  ],
];

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

const lists = networks.map(([network, subnets]) => [network, listOf(subnets)] as const);

/** The network of an IP address, mapped ones included; `undefined` for a text that is no address. */
export function networkOf(address: string): Network | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  return lists.find(([, list]) => list.check(address, family))?.[0] ?? 'public';
}
