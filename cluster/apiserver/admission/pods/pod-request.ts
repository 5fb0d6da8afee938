import type { AdmissionRequest } from '../../store/write-request.ts';
import { isCore, isWhole } from '../denied.ts';

/** Static pods are the node's own copies of what it runs anyway. */
export const mirrorAnnotation = 'kubernetes.io/config.mirror';

export function isPodCreation(request: AdmissionRequest): boolean {
  return request.operation === 'CREATE' && isCore(request, 'pods') && isWhole(request);
}

export function isMirror({ object }: AdmissionRequest): boolean {
  return object.metadata.annotations?.[mirrorAnnotation] !== undefined;
}
