import type { ClusterObject } from '../../../client.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import type { PodSpec } from './pod-fields.ts';
import { standardText, violations } from './standards.ts';
import type { Standard } from './standards.ts';

const pods = resourceKey('', 'pods');
/** Looking at more would hold up everybody else. */
const mostPods = 3_000;

/** Which pods that run already would be refused today: they run on, but should be known. */
export function existingPodWarnings(storage: Storage, namespace: string, enforce: Standard): string[] {
  const all = storage.list(pods, { namespace });
  const byReasons = new Map<string, string[]>();
  for (const version of all.slice(0, mostPods)) {
    const { metadata, spec } = version.object() as unknown as ClusterObject; // the schema has checked it
    const found = violations(enforce, { annotations: metadata.annotations ?? {}, spec: spec as PodSpec }); // as above
    const reasons = found.map(({ reason }) => reason).join(', ');
    if (reasons) byReasons.set(reasons, [...(byReasons.get(reasons) ?? []), metadata.name]);
  }
  const cut =
    all.length > mostPods
      ? [`new PodSecurity enforce level only checked against the first ${mostPods} of ${all.length} existing pods`]
      : [];
  if (byReasons.size === 0) return cut;
  const head = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(standardText(enforce))}`;
  const lines = [...byReasons].map(([reasons, [first = '', ...others]]) => {
    if (others.length === 0) return `${first}: ${reasons}`;
    return `${first} (and ${others.length} other pod${others.length === 1 ? '' : 's'}): ${reasons}`;
  });
  return [...cut, head, ...lines.sort()];
}
