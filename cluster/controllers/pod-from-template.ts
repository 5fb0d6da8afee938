import type { ClusterObject } from '../client.ts';
import { controllerReference } from '../reconcile/owners.ts';
import type { Pod } from '../reconcile/pod.ts';
import type { PodTemplate } from './replicaset/replicaset.ts';

/** A pod as `owner` makes it from its template, still without a name; the server makes one up from the owner's. */
export function podFromTemplate(
  owner: ClusterObject,
  template: PodTemplate,
  extraLabels: Record<string, string> = {},
): Pod {
  const { labels, annotations, finalizers } = structuredClone(template.metadata ?? {});
  const metadata = {
    generateName: `${owner.metadata.name}-`,
    namespace: owner.metadata.namespace,
    labels: { ...labels, ...extraLabels },
    ...(annotations && { annotations }),
    ...(finalizers && { finalizers }),
    ownerReferences: [controllerReference(owner)],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata as unknown as Pod['metadata'], // the name comes from the server
    spec: structuredClone(template.spec),
  };
}
