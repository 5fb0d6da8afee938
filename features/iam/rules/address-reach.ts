import { networkOf } from '@kit/base/network';

/** From where an address is reached; a later one is nearer to this platform than those before. */
const reaches = ['public', 'private', 'loopback'] as const;
export type Reach = (typeof reaches)[number];

/** The reach of an IP address; `undefined` for one where nothing may be asked of. */
export function reachOf(address: string): Reach | undefined {
  const network = networkOf(address);
  if (network === 'never') return undefined;
  return network === 'translated' ? 'private' : network; // it may be any address, this machine's included
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
