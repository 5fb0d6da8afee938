import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { isActive, type Pod } from '../../reconcile/pod.ts';
import { refs } from '../../reconcile/resource-refs.ts';
import { type Claim, classOfClaim, classOfVolume, isFullyBound, type Volume } from './storage-kinds.ts';
import { syncClaim } from './sync-claim.ts';
import { syncVolume } from './sync-volume.ts';
import { VolumeStore } from './volume-store.ts';

const byClaim = 'claims used';
const [claimPrefix, volumePrefix] = ['claim:', 'volume:'];
/** How soon what waits for something outside is told so again. */
const lookAgainMs = 15_000;

interface PodWithClaims extends Pod {
  spec: Omit<Pod['spec'], 'volumes'> & {
    volumes?: readonly { name: string; persistentVolumeClaim?: { claimName: string }; ephemeral?: object }[];
  };
}

/** Index keys of a pod: `namespace/name` of each claim it uses. */
export function claimKeys({ metadata, spec }: PodWithClaims): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral ? `${metadata.name}-${name}` : undefined);
    return claim ? [`${metadata.namespace ?? ''}/${claim}`] : [];
  });
}

/** Binds claims and volumes to each other, and keeps their phases true. */
export function volumeBinderController(context: ControllerContext): Controller {
  const store = new VolumeStore(context);
  const events = context.recorder('persistentvolume-controller');
  const pods = context.informers.of<PodWithClaims>(refs.pods).addIndex(byClaim, claimKeys);
  const waitingPods = (claim: Claim): Pod[] =>
    pods.byIndex(byClaim, keyOf(claim)).filter((pod) => !pod.spec.nodeName && isActive(pod));
  const queueClaim = (claim: Claim): void => controller.queue.add(claimPrefix + keyOf(claim));

  async function reconcile(key: string): Promise<void> {
    if (key.startsWith(volumePrefix)) {
      const volume = store.volumes.get(undefined, key.slice(volumePrefix.length));
      return volume && syncVolume({ store, events, queueClaim }, volume);
    }
    const { namespace, name } = splitKey(key.slice(claimPrefix.length));
    const claim = store.claims.get(namespace, name);
    if (!claim || (claim.metadata.deletionTimestamp && !isFullyBound(claim))) return;
    await syncClaim({ store, events, waitingPods }, claim);
    if (!store.claims.get(namespace, name)?.spec.volumeName) controller.queue.addAfter(key, lookAgainMs);
  }

  /** Claims that a change of this volume may serve, and the one it belongs to. */
  function claimsFor(volume: Volume): string[] {
    const { claimRef } = volume.spec;
    if (claimRef) return [`${claimPrefix}${claimRef.namespace ?? ''}/${claimRef.name}`];
    const open = [...store.claims.all()].filter(
      (claim) =>
        !isFullyBound(claim) &&
        (claim.spec.volumeName === volume.metadata.name || classOfClaim(claim) === classOfVolume(volume)),
    );
    return open.map((claim) => claimPrefix + keyOf(claim));
  }

  const volumeKeys = ({ spec }: Claim): string[] => (spec.volumeName ? [volumePrefix + spec.volumeName] : []);
  const controller = new QueueController(context, { name: 'persistent-volume-binder', reconcile })
    .feed(store.claims, (claim) => [claimPrefix + keyOf(claim), ...volumeKeys(claim)])
    .feed(store.volumes, (volume) => [volumePrefix + volume.metadata.name, ...claimsFor(volume)])
    .feed(store.classes, (storageClass) =>
      [...store.claims.all()]
        .filter((claim) => !isFullyBound(claim) && ['', storageClass.metadata.name].includes(classOfClaim(claim)))
        .map((claim) => claimPrefix + keyOf(claim)),
    );
  // A claim that is gone leaves a volume behind, whichever of the two has named the other.
  store.claims.onChange(({ before, after }) => {
    if (before && !after) for (const key of volumeKeys(before)) controller.queue.add(key);
  });
  return controller;
}
