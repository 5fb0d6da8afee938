import type { ClusterObject } from '../../client.ts';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { denied, isCore, isWhole } from './denied.ts';
import { amountOf } from '@kit/base/amount';

interface Claim {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: { readonly phase?: string };
}

const storageClasses = resourceKey('storage.k8s.io', 'storageclasses');
const oldStorageClass = 'volume.beta.kubernetes.io/storage-class';

const asked = ({ spec }: Claim): bigint => amountOf(spec?.resources?.requests?.['storage'] ?? 0).nanos;

function grows(request: AdmissionRequest): boolean {
  if (request.operation !== 'UPDATE' || !isCore(request, 'persistentvolumeclaims') || !isWhole(request)) return false;
  return asked(request.object as Claim) > asked((request.old ?? {}) as Claim); // the schema has checked both
}

function classOf(claim: ClusterObject): string {
  return claim.metadata.annotations?.[oldStorageClass] ?? (claim as Claim).spec?.storageClassName ?? ''; // as above
}

/** A claim grows only once it is bound, and where its storage class lets it. */
export function claimResize(storage: Storage): AdmissionStep {
  const mayGrow = (name: string): boolean => {
    if (!name) return false;
    const found = storage.newest({ resource: storageClasses, namespace: '', name })?.object();
    return found?.['allowVolumeExpansion'] === true;
  };
  const validate = (request: AdmissionRequest): void => {
    if (!grows(request)) return;
    const { status } = (request.old ?? {}) as Claim; // the schema has checked it
    if (status?.phase !== 'Bound') throw denied(request, 'Only bound persistent volume claims can be expanded');
    if (mayGrow(classOf(request.object))) return;
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw denied(request, why);
  };
  return { validate };
}
