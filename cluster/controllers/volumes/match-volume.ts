import { quantity } from '../../reconcile/quantity.ts';
import { labelMatcher } from '../../scheduler/label-matcher.ts';
import { matchesTerms, type NodeFacts } from '../../scheduler/node-affinity.ts';
import { type Claim, classOfClaim, classOfVolume, refersTo, type Volume } from './storage-kinds.ts';

export interface MatchOptions {
  /** The node a pod is to run on; a volume must be reachable from there. */
  readonly node?: NodeFacts;
  /** Names of volumes that are promised to other claims. */
  readonly taken?: ReadonlySet<string>;
  /** The claim waits for its first pod: without a node only a volume reserved for it will do. */
  readonly isDelayed?: boolean;
}

function has(modes: readonly string[] = [], wanted: readonly string[] = []): boolean {
  return wanted.every((mode) => modes.includes(mode));
}

export function volumeModeOf({ spec }: Claim | Volume): string {
  return spec.volumeMode ?? 'Filesystem';
}

export function reaches({ spec }: Volume, node: NodeFacts): boolean {
  const required = spec.nodeAffinity?.required;
  return !required || matchesTerms(node, required.nodeSelectorTerms);
}

export function capacityOf({ spec }: Volume): number {
  return quantity(spec.capacity?.storage);
}

export function requestedBy({ spec }: Claim): number {
  return quantity(spec.resources?.requests?.storage);
}

/** Why the volume cannot serve a claim that names it, in the words of the binder; undefined when it can. */
export function mismatch(volume: Volume, claim: Claim): string | undefined {
  if (capacityOf(volume) < requestedBy(claim)) return 'requested PV is too small';
  if (classOfVolume(volume) !== classOfClaim(claim)) return 'storageClassName does not match';
  if (volumeModeOf(volume) !== volumeModeOf(claim)) return 'incompatible volumeMode';
  return has(volume.spec.accessModes, claim.spec.accessModes) ? undefined : 'incompatible accessMode';
}

function isCandidate(volume: Volume, claim: Claim, { taken, node }: MatchOptions): boolean {
  if (volume.metadata.deletionTimestamp || taken?.has(volume.metadata.name)) return false;
  if (volumeModeOf(volume) !== volumeModeOf(claim)) return false;
  if (capacityOf(volume) < requestedBy(claim) || !has(volume.spec.accessModes, claim.spec.accessModes)) return false;
  return !node || reaches(volume, node);
}

function isFree(volume: Volume, claim: Claim): boolean {
  return (
    volume.status?.phase === 'Available' &&
    !volume.spec.claimRef &&
    classOfVolume(volume) === classOfClaim(claim) &&
    (volume.spec.volumeAttributesClassName ?? '') === (claim.spec.volumeAttributesClassName ?? '') &&
    (!claim.spec.selector || labelMatcher(claim.spec.selector)(volume.metadata.labels ?? {}))
  );
}

/**
 * The volume for a claim: one reserved for it, or else of those that have what it asks for the one that can least else
 * and is smallest.
 */
export function matchVolume(claim: Claim, volumes: Iterable<Volume>, options: MatchOptions = {}): Volume | undefined {
  let best: Volume | undefined;
  for (const volume of volumes) {
    if (!isCandidate(volume, claim, options)) continue;
    if (refersTo(volume, claim)) return volume;
    if (options.isDelayed && !options.node) continue;
    if (isFree(volume, claim) && (!best || isCloser(volume, best))) best = volume;
  }
  return best;
}

function isCloser(a: Volume, b: Volume): boolean {
  const modes = (a.spec.accessModes?.length ?? 0) - (b.spec.accessModes?.length ?? 0);
  const order = modes || capacityOf(a) - capacityOf(b);
  return order === 0 ? a.metadata.name < b.metadata.name : order < 0;
}
