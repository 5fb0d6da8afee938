import type { ClusterObject } from '../../../client.ts';
import { fieldsIn, items, record } from '../rules/set-default.ts';
import { mountAnnotation } from '../validation/mount-annotation.ts';
import { warnOfPodRanges } from './address-warnings.ts';
import { warnOfFraction } from './container-warnings.ts';
import { deprecationOfLabel, warnOfSelectorTerm } from './deprecated-labels.ts';
import { warnOfName, warnOfTemplate } from './pod-warnings.ts';
import { warnOfSource } from './volume-warnings.ts';

const inPodNames = 'this is used in Pod names and hostnames';
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const useAttribute = `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`;

const warnOfClassAnnotation = ({ metadata }: ClusterObject): string[] =>
  metadata.annotations?.[classAnnotation] === undefined ? [] : [useAttribute];

/** Warnings about a Deployment: its name becomes part of the names of its pods. */
export function warnOfDeployment(object: ClusterObject): string[] {
  return [...warnOfName(object, inPodNames), ...warnOfTemplate('spec.template')(object)];
}

const manyCompletions = 100_000;
const manyAtOnce = 10_000;

/** Warnings about a Job. */
export function warnOfJob(job: ClusterObject): string[] {
  const { completionMode, completions, parallelism } = fieldsIn(job['spec']);
  const tooMany =
    completionMode === 'Indexed' && Number(completions ?? 0) > manyCompletions && Number(parallelism ?? 0) > manyAtOnce;
  const note =
    'spec: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [...warnOfName(job, inPodNames), ...(tooMany ? [note] : []), ...warnOfTemplate('spec.template')(job)];
}

/** Warnings about a CronJob. */
export function warnOfCronJob(object: ClusterObject): string[] {
  return [...warnOfName(object, inPodNames), ...warnOfTemplate('spec.jobTemplate.spec.template')(object)];
}

/** Warnings about the claims that a StatefulSet makes. */
export function warnOfClaimTemplates(object: ClusterObject): string[] {
  return items(fieldsIn(object['spec'])['volumeClaimTemplates']).flatMap((claim, index) =>
    warnOfStorage(claim, `spec.volumeClaimTemplates[${index}].resources`),
  );
}

function warnOfStorage(claim: { [field: string]: unknown }, path: string): string[] {
  const { requests, limits } = fieldsIn(fieldsIn(claim['spec'])['resources']);
  return [
    ...warnOfFraction(requests, 'storage', `${path}.requests`),
    ...warnOfFraction(limits, 'storage', `${path}.limits`),
  ];
}

/** Warnings about a PersistentVolumeClaim. */
export function warnOfClaim(claim: ClusterObject): string[] {
  return [...warnOfClassAnnotation(claim), ...warnOfStorage(claim, 'spec.resources')];
}

function warnOfMountAnnotation({ metadata }: ClusterObject): string[] {
  const note = 'deprecated since v1.31; use "mountOptions" attribute instead';
  return metadata.annotations?.[mountAnnotation] === undefined
    ? []
    : [`metadata.annotations[${mountAnnotation}]: ${note}`];
}

/** Warnings about a PersistentVolume. */
export function warnOfPersistentVolume(volume: ClusterObject): string[] {
  const spec = fieldsIn(volume['spec']);
  const terms = items(fieldsIn(fieldsIn(spec['nodeAffinity'])['required'])['nodeSelectorTerms']);
  const recycle =
    'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
  return [
    ...warnOfClassAnnotation(volume),
    ...warnOfMountAnnotation(volume),
    ...(spec['persistentVolumeReclaimPolicy'] === 'Recycle' ? [recycle] : []),
    ...terms.flatMap((term, index) =>
      warnOfSelectorTerm(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`),
    ),
    ...warnOfSource(spec, 'spec'),
  ];
}

/** Warnings about an Ingress that names its class the old way. */
export function warnOfIngress({ metadata }: ClusterObject): string[] {
  const note = `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`;
  return metadata.annotations?.['kubernetes.io/ingress.class'] === undefined ? [] : [note];
}

/** Warnings about a ServiceAccount. */
export function warnOfAccount({ metadata }: ClusterObject): string[] {
  const key = 'kubernetes.io/enforce-mountable-secrets';
  const note = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
  return metadata.annotations?.[key] === undefined ? [] : [`metadata.annotations[${key}]: ${note}`];
}

/** Warnings about a Node. */
export function warnOfNode(node: ClusterObject): string[] {
  const note = 'spec.externalID: this field is deprecated, and is unused by Kubernetes';
  return [...(fieldsIn(node['spec'])['externalID'] ? [note] : []), ...warnOfPodRanges(node)];
}

/** Warnings about a RuntimeClass that selects nodes by labels of old. */
export function warnOfRuntimeClass(object: ClusterObject): string[] {
  const selector = record(fieldsIn(object['scheduling'])['nodeSelector']) ?? {};
  return Object.keys(selector).flatMap((key) => {
    const advice = deprecationOfLabel(key);
    return advice ? [`scheduling.nodeSelector: ${advice}`] : [];
  });
}

/** Warnings about a StorageClass that is allowed in topologies of old. */
export function warnOfStorageClass(object: ClusterObject): string[] {
  return items(object['allowedTopologies']).flatMap((term, index) =>
    items(term['matchLabelExpressions']).flatMap(({ key }, at) => {
      const advice = deprecationOfLabel(key);
      return advice ? [`allowedTopologies[${index}].matchLabelExpressions[${at}].key: ${advice}`] : [];
    }),
  );
}
