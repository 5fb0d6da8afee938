import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { bareHost, isLoopbackHost, isWithin, nearest, reachOf } from '../../rules/address-reach.ts';
import type { Reach } from '../../rules/address-reach.ts';

/** Says how near the addresses are that a provider's own addresses may lead to. */
export type Limit = () => Promise<Reach>;

/**
 * The limit that the administrator set by naming these places: this machine only where its name says so, a private
 * network where a name leads there. Asked anew each time, since names move.
 */
export function limitOf(places: readonly string[]): Limit {
  const hosts = places.filter((place) => URL.canParse(place)).map((place) => bareHost(new URL(place).hostname));
  return async () => nearest(await Promise.all(hosts.map(reachOfHost)));
}

async function reachOfHost(host: string): Promise<Reach> {
  if (isLoopbackHost(host)) return 'loopback';
  const found = isIP(host) ? [host] : await addressesOf(host);
  return nearest(found.map(reachOf).filter((reach): reach is Reach => isWithin(reach, 'private')));
}

async function addressesOf(host: string): Promise<string[]> {
  const found = await resolve(host, { all: true }).catch(() => []); // whoever connects is told why
  return found.map(({ address }) => address);
}

/** Throws for an address that is written as such and must not be asked; names are looked at when they are resolved. */
export function checkHost(hostname: string, limit: Reach): void {
  const host = bareHost(hostname);
  if (isIP(host) && !isWithin(reachOf(host), limit)) throw refusal(host, [host]);
}

/** Throws where a host is reached by addresses only that nothing may be asked of. */
export async function checkPlace(hostname: string): Promise<void> {
  const host = bareHost(hostname);
  const found = isIP(host) ? [host] : await addressesOf(host);
  if (found.length > 0 && found.every((address) => reachOf(address) === undefined)) throw refusal(host, found);
}

/** Resolves names for a connection, and answers only addresses within the limit: what was checked is what is connected to. */
export function guardedLookup(limit: Limit): LookupFunction {
  return (hostname, options, callback) => {
    const refuse = (error: Error): void => callback(error, []);
    limit().then((within) => {
      lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) return refuse(error);
        const allowed = found.filter(({ address }) => isWithin(reachOf(address), within));
        const [first] = allowed;
        if (!first) return refuse(refusal(hostname, found.map(addressIn)));
        return options.all ? callback(null, allowed) : callback(null, first.address, first.family);
      });
    }, refuse);
  };
}

const addressIn = ({ address }: LookupAddress): string => address;

function refusal(host: string, addresses: readonly string[]): Error {
  return new Error(`${host} (${addresses.join(', ')}) is nearer to this platform than the provider may lead it`);
}
