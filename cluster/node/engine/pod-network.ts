import { networkInterfaces } from 'node:os';
import { ApiError } from '@kit/base';
import { containerLabels } from './engine-containers.ts';
import { EngineError } from './engine-client.ts';
import type { InspectedContainer, InspectedNetwork } from './engine-types.ts';
import type { Engine } from './find-engine.ts';
import { pauseImage } from './pause-image.ts';

/** The engine's network for the pods of one cluster. */
export interface PodNetwork {
  readonly name: string;
  readonly cidr: string;
  /** The machine's own address in it. */
  readonly gateway: string;
}

// Simulated nodes have 10.244.0.0/17 in small steps from below; the network is taken from above.
const candidates = Array.from({ length: 64 }, (_, index) => 255 - index).map((third) => `10.244.${third}`);

function prefixOf(network: InspectedNetwork): string | undefined {
  return network.IPAM?.Config?.[0]?.Subnet?.split('.').slice(0, 3).join('.');
}

function takenHere(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return new Set(all.map(({ address }) => address.split('.').slice(0, 3).join('.')));
}

/** What the cluster's network is called in the engine, and its table in the packet filter. */
export function networkName(cluster: string): string {
  return `cluster-${cluster.slice(0, 13)}`;
}

/** The cluster's network in the engine, made when it is not there: a /24 that nothing else on this machine uses. */
export async function ensurePodNetwork({ client }: Engine, cluster: string): Promise<PodNetwork> {
  const name = networkName(cluster);
  const all = await client.json<InspectedNetwork[]>('GET', '/networks');
  const known = all.find(({ Name }) => Name === name);
  const knownPrefix = known && prefixOf(known);
  if (knownPrefix) return { name, cidr: `${knownPrefix}.0/24`, gateway: `${knownPrefix}.1` };
  const taken = new Set([...takenHere(), ...all.map(prefixOf)]);
  for (const prefix of candidates.filter((one) => !taken.has(one))) {
    const made = { name, cidr: `${prefix}.0/24`, gateway: `${prefix}.1` };
    try {
      await client.json('POST', '/networks/create', {
        body: {
          Name: name,
          Driver: 'bridge',
          IPAM: { Config: [{ Subnet: made.cidr, Gateway: made.gateway }] },
          Labels: { [containerLabels.cluster]: cluster },
        },
      });
      return made;
    } catch (error) {
      // Another cluster has taken it in this very moment.
      if (!(error instanceof EngineError) || !/overlap|already (used|in use)/i.test(error.message)) throw error;
    }
  }
  throw new ApiError('ServiceUnavailable', 'every network from 10.244.192.0 to 10.244.255.0 is in use on this machine');
}

/**
 * A container that does nothing but be in the network: an engine takes the machine's address in a network away when
 * nobody is in it, and names and services are answered at that address.
 */
export async function holdPodNetwork(
  { client }: Engine,
  { name }: PodNetwork,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const holder = `/containers/${name}-holder`;
  const known = await client.find<InspectedContainer>(`${holder}/json`);
  if (!known)
    await client.json('POST', '/containers/create', {
      query: { name: `${name}-holder` },
      body: { Image: pauseImage, Labels: labels, HostConfig: { NetworkMode: name } },
    });
  if (!known?.State.Running) await client.json('POST', `${holder}/start`);
}

/** Takes the network away, with what holds it. */
export async function removePodNetwork({ client }: Engine, name: string): Promise<void> {
  try {
    await client.json('DELETE', `/containers/${name}-holder`, { query: { force: true } });
    await client.json('DELETE', `/networks/${name}`);
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 404) throw error;
  }
}
