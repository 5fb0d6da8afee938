import { containerName, sandboxConfig } from './container-config.ts';
import { sandboxName, type SeenContainer } from './engine-containers.ts';
import type { EnginePod } from './engine-pod.ts';
import { allowHairpin } from './hairpin.ts';
import type { NodeParts } from './node-parts.ts';

/** A pod's network, which its containers share. */
export interface Sandbox {
  readonly id: string;
  readonly ip: string;
}

/** The sandbox that runs; undefined when there is none, or no more. */
export function runningSandbox(seen: readonly SeenContainer[], pod: EnginePod, hostIP: string): Sandbox | undefined {
  const found = seen.find(({ name, state }) => name === sandboxName && state === 'running');
  if (!found) return undefined;
  const ip = pod.spec.hostNetwork ? hostIP : found.addresses[0];
  return ip ? { id: found.id, ip } : undefined;
}

/**
 * Makes the sandbox. Where an earlier one has ended, as with a restart of the engine, the containers in it cannot go on:
 * they are stopped, and start again in the new one. What has ended stays until the pod goes, for its logs.
 */
export async function makeSandbox(
  { containers, network }: NodeParts,
  pod: EnginePod,
  seen: readonly SeenContainer[],
): Promise<void> {
  const earlier = seen.filter(({ name }) => name === sandboxName);
  for (const { id, name, state } of seen) if (name !== sandboxName && state === 'running') await containers.stop(id, 0);
  const attempt = Math.max(-1, ...earlier.map((one) => one.attempt)) + 1;
  const name = containerName(pod, sandboxName, attempt);
  const id = await containers.create(name, sandboxConfig(pod, network.name, attempt));
  try {
    await containers.start(id);
    if (!pod.spec.hostNetwork) await allowHairpin(network.gateway);
  } catch (error) {
    await containers.remove(id);
    throw error;
  }
}
