import type { ClusterObject } from '../../client.ts';
import { canonical } from '../../reconcile/canonical.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { controllerOf, controllerReference, type OwnerReference } from '../../reconcile/owners.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type Claim, storageRefs } from './storage-kinds.ts';

/** A StatefulSet, as far as its claims are concerned. */
export interface ClaimingSet extends ClusterObject {
  spec: {
    replicas?: number;
    ordinals?: { start?: number };
    volumeClaimTemplates?: readonly { metadata?: { name?: string } }[];
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
  };
}

function isWanted({ spec }: ClaimingSet, ordinal: number): boolean {
  const first = spec.ordinals?.start ?? 0;
  return ordinal >= first && ordinal < first + (spec.replicas ?? 1);
}

/** Whose going takes the claim along: that of the set, of its pod, or of neither. */
export function keeperOf(set: ClaimingSet, ordinal: number): 'set' | 'pod' | 'nobody' {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenScaled === 'Delete' && !isWanted(set, ordinal)) return 'pod';
  return whenDeleted === 'Delete' ? 'set' : 'nobody';
}

/** The owners a claim should have; somebody else's control over it is left alone. */
export function ownersOf(
  claim: Claim,
  set: ClaimingSet,
  { pod, ordinal }: { pod: Pod | undefined; ordinal: number },
): OwnerReference[] {
  const own = new Set([`StatefulSet/${set.metadata.name}`, `Pod/${set.metadata.name}-${ordinal}`]);
  const others = (claim.metadata.ownerReferences ?? []).filter(({ kind, name }) => !own.has(`${kind}/${name}`));
  if (others.some(({ controller }) => controller)) return others;
  const keeper = keeperOf(set, ordinal);
  if (keeper === 'set') return [...others, controllerReference(set)];
  return keeper === 'pod' && pod ? [...others, controllerReference(pod)] : others;
}

/** The set a claim was made for, and which of its pods: by the claim's name. */
function ordinalOf({ metadata }: Claim, set: ClaimingSet): number | undefined {
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const prefix = `${template.metadata?.name ?? ''}-${set.metadata.name}-`;
    const rest = metadata.name.startsWith(prefix) ? metadata.name.slice(prefix.length) : '';
    if (/^\d+$/.test(rest)) return Number(rest);
  }
  return undefined;
}

const inNamespace = 'namespace';

/** Makes claims of stateful sets go with what their set says they should go with. */
export function claimRetentionController(context: ControllerContext): Controller {
  const sets = context.informers.of<ClaimingSet>(refs.statefulSets).addIndex(inNamespace, namespaceOf);
  const claims = context.informers.of<Claim>(storageRefs.claims).addIndex(inNamespace, namespaceOf);
  const pods = context.informers.of<Pod>(refs.pods);

  async function settle(claim: Claim, set: ClaimingSet): Promise<void> {
    const ordinal = ordinalOf(claim, set);
    if (ordinal === undefined || claim.metadata.deletionTimestamp) return;
    const pod = pods.get(set.metadata.namespace, `${set.metadata.name}-${ordinal}`);
    // A claim whose pod is gone keeps what it has: there is nothing left that could take it along.
    if (!pod && keeperOf(set, ordinal) === 'pod') return;
    const ownerReferences = ownersOf(claim, set, { pod, ordinal });
    if (canonical(ownerReferences) === canonical(claim.metadata.ownerReferences ?? [])) return;
    const changed = { ...claim, metadata: { ...claim.metadata, ownerReferences } };
    claims.observe(await context.client.update(storageRefs.claims, changed));
  }

  async function reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const set = sets.get(namespace, name);
    if (!set || set.metadata.deletionTimestamp || !set.spec.volumeClaimTemplates?.length) return;
    for (const claim of claims.byIndex(inNamespace, namespace ?? '')) await settle(claim, set);
  }

  const setsOf = (claim: Claim): string[] =>
    sets
      .byIndex(inNamespace, claim.metadata.namespace ?? '')
      .filter((set) => ordinalOf(claim, set) !== undefined)
      .map(keyOf);
  return new QueueController(context, { name: 'claim-retention', reconcile })
    .feed(sets, (set) => [keyOf(set)])
    .feed(claims, (claim, { before }) => (before ? [] : setsOf(claim)))
    .feed(pods, (pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === 'StatefulSet' ? [`${pod.metadata.namespace ?? ''}/${owner.name}`] : [];
    });
}

function namespaceOf({ metadata }: ClusterObject): string[] {
  return [metadata.namespace ?? ''];
}
