import { isApiError } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import { controllerOf } from '../../reconcile/owners.ts';
import type { OwnerReference } from '../../reconcile/owners.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { groupOf, resourceName } from '../../reconcile/resource-refs.ts';

/** Why nobody can say how many pods there should be. */
export class UnknownScale extends Error {}

interface Scaled {
  readonly uid: string;
  readonly replicas: number;
}

type ServedKind = ReturnType<ClusterClient['resources']>[number];

/** The kind of an owner, as the server serves it now. */
function refOf(client: ClusterClient, owner: OwnerReference): ServedKind | undefined {
  const group = groupOf(owner.apiVersion);
  return client.resources().find((one) => one.group === group && one.kind === owner.kind);
}

async function unlessGone<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return undefined;
    throw error;
  }
}

const replicaSets = { group: 'apps', resource: 'replicasets' };
const withoutScale = new Set(['jobs.batch', 'cronjobs.batch', 'daemonsets.apps', 'nodes', 'pods']);

/** Whoever says how many pods there are: of a replica set with a deployment above it, the deployment. */
async function scaledOwner(client: ClusterClient, namespace: string, owner: OwnerReference): Promise<OwnerReference> {
  if (owner.kind !== 'ReplicaSet' || groupOf(owner.apiVersion) !== 'apps') return owner;
  const set = await unlessGone(client.get(replicaSets, namespace, owner.name));
  const above = set?.metadata.uid === owner.uid ? controllerOf(set) : undefined;
  return above?.kind === 'Deployment' ? above : owner;
}

async function scaleOf(client: ClusterClient, namespace: string, owner: OwnerReference): Promise<Scaled | undefined> {
  const ref = refOf(client, owner);
  if (!ref) return undefined;
  const name = resourceName(ref);
  // A kind without a scale and an object that is gone give the same answer.
  if (withoutScale.has(name)) throw new UnknownScale(`${name} does not implement the scale subresource`);
  const scale = await unlessGone(client.scale(ref, ref.namespaced ? namespace : undefined, owner.name));
  if (scale?.metadata.uid !== owner.uid) return undefined;
  const { replicas = 0 } = (scale.spec ?? {}) as { replicas?: number }; // a Scale
  return { uid: owner.uid, replicas };
}

/** How many pods the owners of these want, all together; pods of nobody are counted out and named. */
export async function expectedScale(
  client: ClusterClient,
  pods: readonly Pod[],
): Promise<{ scale: number; unmanaged: string[] }> {
  const owners = new Map<string, { owner: OwnerReference; pod: Pod }>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner) owners.set(owner.uid, { owner, pod });
    else unmanaged.push(pod.metadata.name);
  }
  const wanted = new Map<string, number>();
  for (const { owner, pod } of owners.values()) {
    const { namespace = '', name } = pod.metadata;
    const found = await scaleOf(client, namespace, await scaledOwner(client, namespace, owner));
    if (!found) throw new UnknownScale(`found no controllers for pod "${name}"`);
    wanted.set(found.uid, found.replicas);
  }
  return { scale: [...wanted.values()].reduce((total, replicas) => total + replicas, 0), unmanaged };
}
