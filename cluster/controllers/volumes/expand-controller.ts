import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import { quantity } from '../../reconcile/quantity.ts';
import { capacityOf, requestedBy } from './match-volume.ts';
import { annotations, type Claim, isFullyBound, type Volume } from './storage-kinds.ts';
import { VolumeStore } from './volume-store.ts';

/** Makes volumes larger when their claims ask for more. Whether a claim may is decided when it is written. */
export function expandController(ours: readonly string[]): (context: ControllerContext) => Controller {
  return (context) => {
    const store = new VolumeStore(context);
    const events = context.recorder('volume_expand');

    function asksForMore(claim: Claim): boolean {
      return (
        isFullyBound(claim) &&
        claim.status?.phase === 'Bound' &&
        requestedBy(claim) > quantity(claim.status.capacity?.storage)
      );
    }

    function isOurs(volume: Volume): boolean {
      return ours.includes(volume.metadata.annotations?.[annotations.provisionedBy] ?? '');
    }

    async function grow(claim: Claim, volume: Volume): Promise<void> {
      const storage = claim.spec.resources?.requests?.storage ?? '';
      const { name } = volume.metadata;
      events.record(claim, {
        type: 'Normal',
        reason: 'Resizing',
        message: `External resizer is resizing volume ${name}`,
      });
      if (capacityOf(volume) < quantity(storage)) {
        await store.setVolume(volume, {
          ...volume,
          spec: { ...volume.spec, capacity: { ...volume.spec.capacity, storage } },
        });
      }
      const grown = { capacity: { ...claim.status?.capacity, storage }, allocatedResources: { storage } };
      await store.setClaimStatus(claim, grown);
      events.record(claim, { type: 'Normal', reason: 'VolumeResizeSuccessful', message: 'Resize volume succeeded' });
    }

    async function reconcile(key: string): Promise<void> {
      const { namespace, name } = splitKey(key);
      const claim = store.claims.get(namespace, name);
      const volume = claim && store.volumes.get(undefined, claim.spec.volumeName ?? '');
      if (!claim || !volume || !asksForMore(claim)) return;
      if (isOurs(volume)) return grow(claim, volume);
      const message = 'waiting for an external controller to expand this PVC';
      events.record(claim, { type: 'Normal', reason: 'ExternalExpanding', message });
    }

    return new QueueController(context, { name: 'expand-controller', reconcile }).feed(store.claims, (claim) =>
      asksForMore(claim) ? [keyOf(claim)] : [],
    );
  };
}
