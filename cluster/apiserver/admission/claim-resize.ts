import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { denied, isCore, isWhole } from './denied.ts';
import { amountOf } from './quota/amount.ts';

interface Claim {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: { readonly phase?: string };
}

const storageClasses = resourceKey('storage.k8s.io', 'storageclasses');
const oldStorageClass = 'volume.beta.kubernetes.io/storage-class';

/** A claim grows only once it is bound, and where its storage class lets it. */
export function claimResize(storage: Storage): AdmissionStep {
  const mayGrow = (name: string): boolean => {
    const found = storage.newest({ resource: storageClasses, namespace: '', name })?.object();
    return found?.['allowVolumeExpansion'] === true;
  };
  const validate = (request: AdmissionRequest): void => {
    if (request.operation !== 'UPDATE' || !isCore(request, 'persistentvolumeclaims') || !isWhole(request)) return;
    const next = request.object as Claim; // the schema has checked it
    const old = (request.old ?? {}) as Claim; // as above
    const asked = ({ spec }: Claim): bigint => amountOf(spec?.resources?.requests?.['storage'] ?? 0).nanos;
    if (asked(next) <= asked(old)) return;
    if (old.status?.phase !== 'Bound') throw denied(request, 'Only bound persistent volume claims can be expanded');
    const className = request.object.metadata.annotations?.[oldStorageClass] ?? next.spec?.storageClassName ?? '';
    if (className && mayGrow(className)) return;
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw denied(request, why);
  };
  return { validate };
}
