import type { ClusterClient, ClusterObject, ResourceRef } from '../client.ts';
import type { Informer } from '../reconcile/informer.ts';
import { controllerOf, controllerReference, controllerUids } from '../reconcile/owners.ts';
import { type LabelSelector, selectorTest } from '../reconcile/selectors.ts';

/** Index names that `claim` needs on an informer; `indexForClaims` adds them. */
const owned = 'controller uid';
const orphans = 'namespace, without controller';

/** Prepares an informer so that `claim` and `ownedBy` find objects without a search. */
export function indexForClaims<T extends ClusterObject>(informer: Informer<T>): Informer<T> {
  informer.addIndex(owned, controllerUids);
  informer.addIndex(orphans, (object) => (controllerOf(object) ? [] : [object.metadata.namespace ?? '']));
  return informer;
}

/** The objects that the owner with this uid controls. */
export function ownedBy<T extends ClusterObject>(informer: Informer<T>, uid: string | undefined): T[] {
  return uid ? informer.byIndex(owned, uid) : [];
}

/** How many there are of them. */
export function countOwned<T extends ClusterObject>(informer: Informer<T>, uid: string): number {
  return informer.countByIndex(owned, uid);
}

export interface ClaimOptions<T extends ClusterObject> {
  readonly client: ClusterClient;
  readonly ref: ResourceRef;
  readonly informer: Informer<T>;
  readonly owner: ClusterObject;
  readonly selector: LabelSelector;
  /** Whether an orphan is worth adopting; default: every one that is not being deleted. */
  readonly adoptable?: (object: T) => boolean;
}

/**
 * What `owner` controls after this call: objects it has and still selects, and orphans it selects, which it adopts.
 * Objects it has but no longer selects are let go. An owner that is being deleted neither adopts nor lets go.
 */
export async function claim<T extends ClusterObject>(options: ClaimOptions<T>): Promise<T[]> {
  const { informer, owner, selector } = options;
  const mine = ownedBy(informer, owner.metadata.uid);
  if (owner.metadata.deletionTimestamp) return mine;
  const isSelected = selectorTest(selector);
  const kept: T[] = [];
  for (const object of mine) {
    if (object.metadata.deletionTimestamp || isSelected(object.metadata.labels)) kept.push(object);
    else await setOwners(options, object, (owners) => owners.filter(({ uid }) => uid !== owner.metadata.uid));
  }
  const isAdoptable = (one: T): boolean =>
    !one.metadata.deletionTimestamp && isSelected(one.metadata.labels) && options.adoptable?.(one) !== false;
  for (const object of informer.byIndex(orphans, owner.metadata.namespace ?? '').filter(isAdoptable)) {
    kept.push(await setOwners(options, object, (owners) => [...owners, controllerReference(owner)]));
  }
  return kept;
}

type Owners = NonNullable<ClusterObject['metadata']['ownerReferences']>;

async function setOwners<T extends ClusterObject>(
  { client, ref, informer }: ClaimOptions<T>,
  object: T,
  change: (owners: Owners) => Owners,
): Promise<T> {
  const { namespace, name, uid, resourceVersion, ownerReferences = [] } = object.metadata;
  const body = { metadata: { uid, resourceVersion, ownerReferences: change(ownerReferences) } };
  const changed = await client.patch(ref, namespace, name, { type: 'merge', body });
  informer.observe(changed);
  return informer.get(namespace, name) ?? object;
}
