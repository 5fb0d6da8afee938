import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { isCore, isWhole } from './denied.ts';

/** Holds a claim until no pod uses it any longer. */
export const claimProtection = 'kubernetes.io/pvc-protection';
/** Holds a volume until no claim is bound to it any longer. */
export const volumeProtection = 'kubernetes.io/pv-protection';

function mutate(request: AdmissionRequest): void {
  if (request.operation !== 'CREATE' || !isWhole(request) || request.target.kind.group !== '') return;
  const isClaim = isCore(request, 'persistentvolumeclaims');
  if (!isClaim && !isCore(request, 'persistentvolumes')) return;
  const finalizer = isClaim ? claimProtection : volumeProtection;
  const { metadata } = request.object;
  if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
}

/** Storage is not taken away from under those who use it. */
export const storageInUse: AdmissionStep = { mutate };
