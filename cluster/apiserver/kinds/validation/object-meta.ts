import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { invalid, required, tooLong } from './cause.ts';
import { labelValue, qualifiedName, type Format } from './format.ts';

const annotationsLimitBytes = 256 * 1024;
const ownFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** What is wrong with the metadata of a new object of a kind whose names have this format. */
export function validateObjectMeta(object: ClusterObject, name: Format, field = 'metadata'): Cause[] {
  const { metadata } = object;
  return [
    ...validateName(metadata, name, field),
    ...((metadata.generation ?? 0) < 0
      ? [invalid(`${field}.generation`, metadata.generation, 'must be greater than or equal to 0')]
      : []),
    ...validateOwners(metadata, `${field}.ownerReferences`),
    ...validateLabels(metadata.labels, `${field}.labels`),
    ...validateAnnotations(metadata.annotations, `${field}.annotations`),
    ...(metadata.finalizers ?? []).flatMap((finalizer) => checkFormat(`${field}.finalizers`, finalizer, qualifiedName)),
    ...(isCustom(object) ? [] : validateOwnFinalizers(metadata.finalizers ?? [], `${field}.finalizers`)),
  ];
}

function validateName(metadata: ClusterObject['metadata'], format: Format, field: string): Cause[] {
  const problems = metadata.generateName
    ? format(metadata.generateName.replace(/[-.]+$/, '') || 'a').map((problem) =>
        invalid(`${field}.generateName`, metadata.generateName, problem),
      )
    : [];
  if (!metadata.name && !metadata.generateName) {
    return [...problems, required(`${field}.name`, 'name or generateName is required')];
  }
  return [
    ...problems,
    ...format(metadata.name ?? '').map((problem) => invalid(`${field}.name`, metadata.name, problem)),
  ];
}

/** Labels: keys are qualified names, values short texts. */
export function validateLabels(labels: Record<string, string> | undefined, field: string): Cause[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedName(key).map((problem) => invalid(field, key, problem)),
    ...labelValue(value).map((problem) => invalid(field, value, problem)),
  ]);
}

export function validateAnnotations(annotations: Record<string, string> | undefined, field: string): Cause[] {
  const entries = Object.entries(annotations ?? {});
  const causes = entries.flatMap(([key]) =>
    qualifiedName(key.toLowerCase()).map((problem) => invalid(field, key, problem)),
  );
  const sizeBytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (sizeBytes > annotationsLimitBytes) causes.push(tooLong(field, annotationsLimitBytes));
  return causes;
}

/** Kubernetes' own groups are single words or end in `k8s.io`. */
function isCustom({ apiVersion }: ClusterObject): boolean {
  const group = apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';
  return group === 'apiextensions.k8s.io' || (group.includes('.') && !group.endsWith('.k8s.io'));
}

/** Only Kubernetes' own kinds refuse a finalizer without a domain; custom resources and their definitions have such. */
function validateOwnFinalizers(finalizers: readonly string[], field: string): Cause[] {
  const note = 'name is neither a standard finalizer name nor is it fully qualified';
  return finalizers.flatMap((name, index) =>
    name.includes('/') || ownFinalizers.has(name) ? [] : [invalid(`${field}[${index}]`, name, note)],
  );
}

/** What is accepted on custom kinds, but may meet another finalizer of the same name. */
export function finalizerWarnings({ metadata }: ClusterObject): string[] {
  const plain = (metadata.finalizers ?? []).filter((name) => !name.includes('/') && !ownFinalizers.has(name));
  const advice = 'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers';
  return plain.map((name) => `metadata.finalizers: ${JSON.stringify(name)}: ${advice}`);
}

function validateOwners(metadata: ClusterObject['metadata'], field: string): Cause[] {
  const owners = metadata.ownerReferences ?? [];
  const causes = owners.flatMap((owner) => [
    ...(owner.apiVersion ? [] : [invalid(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty')]),
    ...(owner.kind ? [] : [invalid(`${field}.kind`, owner.kind ?? '', 'must not be empty')]),
    ...(owner.name ? [] : [invalid(`${field}.name`, owner.name ?? '', 'must not be empty')]),
    ...(owner.uid ? [] : [invalid(`${field}.uid`, owner.uid ?? '', 'must not be empty')]),
  ]);
  const uids = owners.map(({ uid }) => uid);
  const controllers = owners.filter((owner, index) => owner.controller && uids.indexOf(owner.uid) === index);
  if (controllers.length > 1) {
    const names = controllers.map((owner) => `${owner.kind}/${owner.name}`).slice(0, 2);
    causes.push(
      invalid(
        field,
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${names.join(' and ')}`,
      ),
    );
  }
  return causes;
}

/** What an update may not do to metadata, beyond what is wrong with it as such. Finalizers are the store's matter. */
export function validateObjectMetaUpdate(next: ClusterObject, old: ClusterObject, name: Format): Cause[] {
  const causes: Cause[] = [];
  const same = (key: 'name' | 'namespace' | 'uid' | 'creationTimestamp'): void => {
    if ((next.metadata[key] ?? '') !== (old.metadata[key] ?? '')) {
      causes.push(invalid(`metadata.${key}`, next.metadata[key], 'field is immutable'));
    }
  };
  (['name', 'namespace', 'uid', 'creationTimestamp'] as const).forEach(same);
  return [...causes, ...validateObjectMeta(next, name)];
}

/** Causes for one text that must have a format. */
export function checkFormat(field: string, text: string, format: Format): Cause[] {
  return format(text).map((problem) => invalid(field, text, problem));
}
