import type { EventRecorder } from '../../reconcile/event-recorder.ts';
import type { Pod } from '../../reconcile/pod.ts';
import { bindClaim, isOf } from './bind-claim.ts';
import { matchVolume, mismatch } from './match-volume.ts';
import { annotations, type Claim, classOfClaim, isDelayed, refersTo, type StorageClass } from './storage-kinds.ts';
import { annotated, type VolumeStore } from './volume-store.ts';

export interface ClaimDeps {
  readonly store: VolumeStore;
  readonly events: EventRecorder;
  /** Pods that use the claim and have no node yet. */
  readonly waitingPods: (claim: Claim) => readonly Pod[];
}

type Said = readonly [type: 'Normal' | 'Warning', reason: string, message: string];

const noClass: Said = [
  'Normal',
  'FailedBinding',
  'no persistent volumes available for this claim and no storage class is set',
];

function tell({ events }: ClaimDeps, claim: Claim, [type, reason, message]: Said): void {
  events.record(claim, { type, reason, message });
}

async function pending(deps: ClaimDeps, claim: Claim, said?: Said): Promise<void> {
  if (said) tell(deps, claim, said);
  await deps.store.setClaimStatus(claim, { phase: 'Pending' });
}

async function lost(deps: ClaimDeps, claim: Claim, [reason, message]: readonly [string, string]): Promise<void> {
  const isNew = await deps.store.setClaimStatus(claim, { phase: 'Lost', capacity: {}, accessModes: [] });
  if (isNew) tell(deps, claim, ['Warning', reason, message]);
}

/** Brings a claim closer to its volume, one step that leaves everything right at each moment. */
export async function syncClaim(deps: ClaimDeps, claim: Claim): Promise<void> {
  if (claim.metadata.annotations?.[annotations.bindCompleted] !== undefined) return syncBound(deps, claim);
  const classed = await withDefaultClass(deps, claim);
  return classed.spec.volumeName ? syncNamed(deps, classed) : syncOpen(deps, classed);
}

/** A claim that says nothing of a class gets the default one, as soon as there is one. */
async function withDefaultClass({ store }: ClaimDeps, claim: Claim): Promise<Claim> {
  const { storageClassName, volumeName } = claim.spec;
  const saysNothing = storageClassName === undefined || storageClassName === null;
  if (!saysNothing || volumeName || claim.metadata.annotations?.[annotations.betaClass] !== undefined) return claim;
  const defaultClass = store.defaultClass();
  if (!defaultClass) return claim;
  return store.setClaim(claim, { ...claim, spec: { ...claim.spec, storageClassName: defaultClass.metadata.name } });
}

async function syncOpen(deps: ClaimDeps, claim: Claim): Promise<void> {
  const { store } = deps;
  const isWaiting = isDelayed(store.classOf(claim)) && !claim.metadata.annotations?.[annotations.selectedNode];
  const volume = matchVolume(claim, store.volumes.all(), { isDelayed: isWaiting });
  if (volume) return bindClaim(store, claim, volume);
  if (isWaiting) return pending(deps, claim, waitingFor(deps.waitingPods(claim)));
  if (classOfClaim(claim) === '') return pending(deps, claim, noClass);
  return provision(deps, claim);
}

function waitingFor(pods: readonly Pod[]): Said {
  const names = pods.map(({ metadata }) => metadata.name);
  if (names.length === 0)
    return ['Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding'];
  const who = names.length === 1 ? `pod ${names[0] ?? ''}` : `pods ${names.join(',')}`;
  return ['Normal', 'WaitForPodScheduled', `waiting for ${who} to be scheduled`];
}

async function syncNamed(deps: ClaimDeps, claim: Claim): Promise<void> {
  const { store } = deps;
  const name = claim.spec.volumeName ?? '';
  const volume = store.volumes.get(undefined, name);
  if (!volume) return pending(deps, claim);
  if (!volume.spec.claimRef) {
    const problem = mismatch(volume, claim);
    if (!problem) return bindClaim(store, claim, volume);
    return pending(deps, claim, ['Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${problem}`]);
  }
  if (refersTo(volume, claim)) return bindClaim(store, claim, volume);
  return pending(deps, claim, ['Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`]);
}

async function syncBound(deps: ClaimDeps, claim: Claim): Promise<void> {
  const { store } = deps;
  if (!claim.spec.volumeName) {
    const message = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
    return lost(deps, claim, ['ClaimLost', message]);
  }
  const volume = store.volumes.get(undefined, claim.spec.volumeName);
  if (!volume)
    return lost(deps, claim, ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!']);
  if (!volume.spec.claimRef || isOf(volume, claim)) return bindClaim(store, claim, volume);
  const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
  return lost(deps, claim, ['ClaimMisbound', message]);
}

/** What used to be built in, and the drivers that do it now. */
const migrated: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

/** Asks the provisioner of the class for a volume. */
async function provision(deps: ClaimDeps, claim: Claim): Promise<void> {
  const storageClass = deps.store.classOf(claim);
  if (!storageClass) {
    const message = `storageclass.storage.k8s.io "${classOfClaim(claim)}" not found`;
    return pending(deps, claim, ['Warning', 'ProvisioningFailed', message]);
  }
  const provisioner = migrated[storageClass.provisioner] ?? storageClass.provisioner;
  if (provisioner.startsWith('kubernetes.io/')) return pending(deps, claim, inTree(storageClass));
  const names = { [annotations.provisioner]: provisioner, [annotations.betaProvisioner]: provisioner };
  const asked = await deps.store.setClaim(claim, annotated(claim, names));
  const message =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. ` +
    'If volume creation is delayed, please verify that the provisioner is running and correctly registered.';
  return pending(deps, asked, ['Normal', 'ExternalProvisioning', message]);
}

// No volume of such a class is ever made.
function inTree({ provisioner }: StorageClass): Said {
  return ['Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`];
}
