import { networkOf } from '@kit/base/network';

/**
 * Whether a caller may have this platform connect to an address: never where credentials or this machine are found;
 * private networks are where registries and git servers of a company are. `withLoopback` is for who runs all on one machine.
 */
export function mayReach(address: string, withLoopback = false): boolean {
  const network = networkOf(address);
  return network === 'public' || network === 'private' || (withLoopback && network === 'loopback');
}
