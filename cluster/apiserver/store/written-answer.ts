import type { ClusterObject } from '../../client.ts';
import { readAs } from '../conversion/stored-versions.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import { isStoredAsIs, readObject } from './stored-object.ts';
import type { StoreDeps, Written } from './write-request.ts';

/**
 * What is answered to the writer of `object`, which nobody else has. Where an object is stored as it is, neither it nor
 * its bytes have to be made again.
 */
export async function answerOf(
  deps: StoreDeps,
  kind: KindInfo,
  { version, object }: { version: Version; object: ClusterObject },
): Promise<Pick<Written, 'object' | 'version'>> {
  if (kind.conversion) return { object: await readAs(deps, kind, version) };
  if (!isStoredAsIs(kind)) return { object: readObject(kind, version) };
  object.metadata.resourceVersion = String(version.revision);
  return { object, version };
}
