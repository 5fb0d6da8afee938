import { isApiError } from '@kit/base';
import { claimProtection, volumeProtection } from '../apiserver/admission/storage-in-use.ts';
import type { ClusterObject, ResourceRef } from '../client.ts';
import { QueueController } from '../reconcile/controller.ts';
import type { Controller, ControllerContext } from '../reconcile/controller.ts';
import { keyFrom, keyOf, splitKey } from '../reconcile/object-key.ts';
import { isFinished } from '../reconcile/pod.ts';
import type { Pod } from '../reconcile/pod.ts';
import { refs } from '../reconcile/resource-refs.ts';

const claims = { group: '', resource: 'persistentvolumeclaims' };
const volumes = { group: '', resource: 'persistentvolumes' };

interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly ephemeral?: object;
}

const volumesOf = ({ volumes = [] }: Pod['spec']): readonly Volume[] => volumes;

/** The claims a pod uses: those it names, and those made for it. */
function claimsOf({ metadata, spec }: Pod): string[] {
  const named = volumesOf(spec).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral ? [`${metadata.name}-${name}`] : [];
  });
  return named.map((name) => keyFrom(metadata.namespace, name));
}

/** Gives or takes the finalizer; what has changed or gone meanwhile comes back by itself. */
async function setFinalizer(
  { client }: ControllerContext,
  ref: ResourceRef,
  { object, finalizer, held }: { object: ClusterObject; finalizer: string; held: boolean },
): Promise<void> {
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const metadata = { ...object.metadata, finalizers: held ? [...others, finalizer] : others };
  await client.update(ref, { ...object, metadata }).catch((error: unknown) => {
    if (!isApiError(error, 'NotFound') && !isApiError(error, 'Conflict')) throw error;
  });
}

interface Protection {
  readonly name: string;
  readonly ref: ResourceRef;
  readonly finalizer: string;
  readonly isUsed: (object: ClusterObject, key: string) => boolean;
}

/** Holds every object of a kind by a finalizer until somebody wants it gone and nobody uses it any longer. */
function protect(context: ControllerContext, { name, ref, finalizer, isUsed }: Protection): QueueController {
  const objects = context.informers.of(ref);
  const controller = new QueueController(context, {
    name,
    reconcile: async (key) => {
      const place = splitKey(key);
      const object = objects.get(place.namespace, place.name);
      if (!object) return;
      const isHeld = object.metadata.finalizers?.includes(finalizer) ?? false;
      if (object.metadata.deletionTimestamp) {
        if (isHeld && !isUsed(object, key)) await setFinalizer(context, ref, { object, finalizer, held: false });
      } else if (!isHeld) await setFinalizer(context, ref, { object, finalizer, held: true });
    },
  });
  return controller.feed(objects, (object) => [keyOf(object)]);
}

/** A claim stays as long as a pod uses it that has not finished. */
export function claimProtectionController(context: ControllerContext): Controller {
  const pods = context.informers.of<Pod>(refs.pods).addIndex('claims', claimsOf);
  const controller = protect(context, {
    name: 'pvc-protection',
    ref: claims,
    finalizer: claimProtection,
    isUsed: (_claim, key) => pods.byIndex('claims', key).some((pod) => !isFinished(pod) && pod.spec.nodeName),
  });
  return controller.feed(pods, claimsOf);
}

/** A volume stays as long as a claim is bound to it. */
export function volumeProtectionController(context: ControllerContext): Controller {
  return protect(context, {
    name: 'pv-protection',
    ref: volumes,
    finalizer: volumeProtection,
    isUsed: ({ status }: ClusterObject & { status?: { phase?: string } }) => status?.phase === 'Bound',
  });
}
