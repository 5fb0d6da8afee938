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

function imagesOf({ spec }: ReplicaSet): Record<string, string> {
  const containers = spec?.template?.spec?.containers ?? [];
  return Object.fromEntries(containers.map(({ name, image = '' }) => [name, image]));
}

function revisionFrom(replicaSet: ReplicaSet, current: number): Revision {
  const { annotations, creationTimestamp = '', name } = replicaSet.metadata;
  const changeCause = annotations?.['kubernetes.io/change-cause'];
  const { replicas = 0, readyReplicas = 0 } = replicaSet.status ?? {};
  return {
    revision: revisionOf(replicaSet),
    isCurrent: revisionOf(replicaSet) === current,
    replicaSet: name,
    createdAt: creationTimestamp,
    replicas,
    readyReplicas,
    images: imagesOf(replicaSet),
    ...(changeCause ? { changeCause } : {}),
    template: templateOf(replicaSet),
  };
}

/** The revisions of a deployment, newest first, from the replica sets of its namespace. */
export function revisionsOf(deployment: KubeObject, replicaSets: readonly KubeObject[]): Revision[] {
  const owned = replicaSets.filter((replicaSet) => isOwnedBy(replicaSet, deployment));
  return owned
    .map((replicaSet) => revisionFrom(replicaSet as ReplicaSet, revisionOf(deployment))) // cast: callers give replica sets
    .sort((left, right) => right.revision - left.revision);
}
