import { matchVolume, reaches, requestedBy } from '../../controllers/volumes/match-volume.ts';
import { annotations, type Claim, type StorageClass, type Volume } from '../../controllers/volumes/storage-kinds.ts';
import type { NodeFacts } from '../node-affinity.ts';
import type { VolumeView } from './volume-view.ts';

/** What must be written before a pod can be bound to a node. */
export interface VolumePlan {
  readonly reserve: readonly { readonly claim: Claim; readonly volume: Volume }[];
  readonly provision: readonly Claim[];
}

export const bindReasons = {
  elsewhere: "node(s) didn't match PersistentVolume's node affinity",
  nothingFits: "node(s) didn't find available persistent volumes to bind",
  missing: 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)',
};

/** Classes of this provisioner never make volumes. */
const noProvisioner = 'kubernetes.io/no-provisioner';

/** Why the bound claims of a pod keep it from a node. */
export function boundReasons(claims: readonly Claim[], node: NodeFacts, view: VolumeView): string[] {
  const volumes = claims.map(({ spec }) => view.volume(spec.volumeName ?? ''));
  if (volumes.some((volume) => !volume)) return [bindReasons.missing];
  return volumes.some((volume) => volume && !reaches(volume, node)) ? [bindReasons.elsewhere] : [];
}

function allowsNode({ allowedTopologies = [] }: StorageClass, { labels }: NodeFacts): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => labels[key] !== undefined && values.includes(labels[key])),
  );
}

function canProvision(claim: Claim, node: NodeFacts, view: VolumeView): boolean {
  const storageClass = view.classOf(claim);
  if (!storageClass?.provisioner || storageClass.provisioner === noProvisioner) return false;
  return allowsNode(storageClass, node);
}

/** The volumes that could serve one of the claims on some node. */
export function candidatesFor(claims: readonly Claim[], view: VolumeView): Volume[] {
  if (claims.length === 0) return [];
  return [...view.allVolumes()].filter((volume) => claims.some((claim) => matchVolume(claim, [volume])));
}

/** How the waiting claims of a pod could be served on a node; undefined when one cannot. */
export function planFor(
  claims: readonly Claim[],
  node: NodeFacts,
  { view, volumes }: { readonly view: VolumeView; readonly volumes: readonly Volume[] },
): VolumePlan | undefined {
  const reserve: { claim: Claim; volume: Volume }[] = [];
  const provision: Claim[] = [];
  const taken = new Set<string>();
  const smallestFirst = [...claims].sort((a, b) => requestedBy(a) - requestedBy(b));
  for (const claim of smallestFirst) {
    const selected = claim.metadata.annotations?.[annotations.selectedNode];
    if (selected !== undefined && selected !== node.name) return undefined;
    const volume = selected === undefined ? matchVolume(claim, volumes, { node, taken, isDelayed: true }) : undefined;
    if (volume) {
      taken.add(volume.metadata.name);
      reserve.push({ claim, volume });
    } else if (canProvision(claim, node, view)) provision.push(claim);
    else return undefined;
  }
  return { reserve, provision };
}
