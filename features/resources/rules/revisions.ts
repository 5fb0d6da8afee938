import type { KubeObject } from '@kit/kube';
import type { Revision } from '../contract/answers.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

interface Template {
  readonly metadata?: { readonly labels?: Record<string, string> };
  readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
}

interface ReplicaSet extends KubeObject {
  spec?: { template?: Template };
  status?: { replicas?: number; readyReplicas?: number };
}

/** The number Kubernetes gave this revision of a deployment; 0 when it gave none. */
export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0) || 0;
}

/** Whether a replica set belongs to the deployment, by its controlling owner and not by its name. */
export function isOwnedBy(replicaSet: KubeObject, deployment: KubeObject): boolean {
  return (replicaSet.metadata.ownerReferences ?? []).some(
    (owner) => owner.controller === true && owner.uid === deployment.metadata.uid,
  );
}

function templateOf(replicaSet: ReplicaSet): Record<string, unknown> {
  const template = replicaSet.spec?.template ?? {};
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The revisions of a deployment, newest first, from the replica sets of its namespace. */
export function revisionsOf(deployment: KubeObject, replicaSets: readonly KubeObject[]): Revision[] {
  const current = revisionOf(deployment);
  const owned = replicaSets.filter((replicaSet) => isOwnedBy(replicaSet, deployment)) as ReplicaSet[]; // cast: callers give replica sets
  return owned
    .map((replicaSet) => {
      const { annotations, creationTimestamp, name } = replicaSet.metadata;
      const containers = replicaSet.spec?.template?.spec?.containers ?? [];
      const changeCause = annotations?.['kubernetes.io/change-cause'];
      return {
        revision: revisionOf(replicaSet),
        isCurrent: revisionOf(replicaSet) === current,
        replicaSet: name,
        createdAt: creationTimestamp ?? '',
        replicas: replicaSet.status?.replicas ?? 0,
        readyReplicas: replicaSet.status?.readyReplicas ?? 0,
        images: Object.fromEntries(containers.map((container) => [container.name, container.image ?? ''])),
        ...(changeCause ? { changeCause } : {}),
        template: templateOf(replicaSet),
      };
    })
    .sort((left, right) => right.revision - left.revision);
}
