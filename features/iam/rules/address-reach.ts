import { BlockList, isIP } from 'node:net';

/** From where an address is reached; a later one is nearer to this platform than those before. */
const reaches = ['public', 'private', 'loopback'] as const;
export type Reach = (typeof reaches)[number];

type Subnet = readonly [network: string, prefix: number];

// Where a machine asks who it is and gets credentials for the answer, where packets go to nobody or to everybody, and
// 0.0.0.0, which Linux takes for this machine: no service that one would be sent to on purpose is there.
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
// RFC 6890's networks that are not of the Internet, and those that translate to IPv4, which may be any of the above.
const privates: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['fc00::', 7],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
];

const [neverList, loopbackList, privateList] = [never, loopback, privates].map(listOf);

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

/** The reach of an IP address; `undefined` for one where nothing may be asked of. */
export function reachOf(address: string): Reach | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const isIn = (list: BlockList | undefined): boolean => list?.check(address, family) === true;
  if (isIP(address) === 0 || isIn(neverList)) return undefined;
  if (isIn(loopbackList)) return 'loopback';
  return isIn(privateList) ? 'private' : 'public';
}

/** Whether what is reached so is no nearer than `limit`. */
export function isWithin(reach: Reach | undefined, limit: Reach): boolean {
  return reach !== undefined && reaches.indexOf(reach) <= reaches.indexOf(limit);
}

/** The nearest of some reaches. */
export function nearest(all: readonly Reach[]): Reach {
  return all.reduce<Reach>((near, one) => (isWithin(one, near) ? near : one), 'public');
}

/** Whether a host is this machine by its very name: whoever writes it means it. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = bareHost(hostname);
  return bare === 'localhost' || bare.endsWith('.localhost') || reachOf(bare) === 'loopback';
}

/** A URL's hostname without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
