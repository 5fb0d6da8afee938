import type { ApiError } from '@kit/base';
import { forbidden } from '../store/api-errors.ts';
import type { AdmissionRequest } from '../store/write-request.ts';

/** A name may not be given yet: then the message has the one it would begin with. */
function nameOf({ target, object }: AdmissionRequest): string {
  const { name, generateName } = object.metadata;
  return target.name || name || generateName || 'Unknown';
}

/** The refusal of a step of admission: `pods "web" is forbidden: WHY`. */
export function denied(request: AdmissionRequest, why: string): ApiError {
  return forbidden(request.target.kind, nameOf(request), why);
}

/** Several reasons are one list. */
export function deniedForAll(request: AdmissionRequest, reasons: readonly string[]): ApiError {
  const different = [...new Set(reasons)];
  return denied(request, different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`);
}

/** True for a write of the object itself, not of a part of it. */
export function isWhole({ target }: AdmissionRequest): boolean {
  return !target.subresource;
}

/** True when the write is about a kind of the core group. */
export function isCore({ target }: AdmissionRequest, resource: string): boolean {
  return target.kind.group === '' && target.kind.resource === resource;
}
