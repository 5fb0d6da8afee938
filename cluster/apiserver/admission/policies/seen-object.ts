import type { ClusterObject } from '../../../client.ts';
import { convertObject, type ConversionDeps } from '../../conversion/convert-object.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { AdmissionRequest } from '../../store/write-request.ts';
import type { AdmissionInput } from './admission-input.ts';

/** The object and its past as a policy sees them whose rules name another version of the kind. */
export async function seenBy(
  deps: ConversionDeps,
  { target, object, old, operation, objectKind }: AdmissionRequest,
  as: KindInfo,
): Promise<Pick<AdmissionInput, 'object' | 'old' | 'objectKind'>> {
  const shown = operation === 'DELETE' ? undefined : object;
  const isOwnKind = objectKind.group === target.kind.group && objectKind.kind === target.kind.kind;
  if (as === target.kind || !isOwnKind) return { object: shown, old, objectKind };
  const convert = async (one: ClusterObject | undefined): Promise<ClusterObject | undefined> =>
    one && convertObject(deps, one, { from: target.kind, to: as });
  return { object: await convert(shown), old: await convert(old), objectKind: as };
}
