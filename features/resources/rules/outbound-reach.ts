import { BlockList, isIP } from 'node:net';

type Subnet = readonly [network: string, prefix: number];

// Where a machine asks who it is and is given credentials, where packets go to nobody or to everybody, and 0.0.0.0,
// which Linux takes for this machine.
const never: readonly Subnet[] = [
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
];
const loopback: readonly Subnet[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];
// Translated to IPv4 addresses, which may be any of the above.
const translated: readonly Subnet[] = [
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
];

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

const refused = listOf([...never, ...translated]);
const own = listOf(loopback);

/**
 * Whether a caller may have this platform connect to an address: never where credentials or this machine are found;
 * private networks are where registries and git servers of a company are. `withLoopback` is for who runs all on one machine.
 */
export function mayReach(address: string, withLoopback = false): boolean {
  if (isIP(address) === 0) return false;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return !refused.check(address, family) && (withLoopback || !own.check(address, family));
}
