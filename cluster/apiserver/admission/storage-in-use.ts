import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { isWhole } from './denied.ts';

/** Holds a claim until no pod uses it any longer. */
export const claimProtection = 'kubernetes.io/pvc-protection';
/** Holds a volume until no claim is bound to it any longer. */
export const volumeProtection = 'kubernetes.io/pv-protection';

/** Holds a class of volumes until none of them has it any longer. */
export const attributesProtection = 'kubernetes.io/vac-protection';

const finalizers: Readonly<Record<string, string>> = {
  '/persistentvolumeclaims': claimProtection,
  '/persistentvolumes': volumeProtection,
  'storage.k8s.io/volumeattributesclasses': attributesProtection,
};

function mutate(request: AdmissionRequest): void {
  if (request.operation !== 'CREATE' || !isWhole(request)) return;
  const { group, resource } = request.target.kind;
  const finalizer = finalizers[`${group}/${resource}`];
  if (!finalizer) return;
  const { metadata } = request.object;
  if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
}

/** Storage is not taken away from under those who use it. */
export const storageInUse: AdmissionStep = { mutate };
