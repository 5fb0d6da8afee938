import { record, textOf, texts } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOf } from './age.ts';
import type { Cells } from './table.ts';

const unset = '<unset>';
const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function modes(value: Json | undefined): string {
  return texts(value)
    .map((mode) => shortModes[mode] ?? mode)
    .join(',');
}

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

function storageClass(object: JsonObject, spec: JsonObject): string {
  const annotation = record(record(object['metadata'])?.['annotations'])?.[classAnnotation];
  return textOf(annotation ?? spec['storageClassName'] ?? '');
}

export const printVolume: Cells = (volume, nowMs) => {
  const spec = record(volume['spec']) ?? {};
  const status = record(volume['status']) ?? {};
  const metadata = record(volume['metadata']) ?? {};
  const claim = record(spec['claimRef']);
  return [
    textOf(record(spec['capacity'])?.['storage'] ?? ''),
    modes(spec['accessModes']),
    textOf(spec['persistentVolumeReclaimPolicy'] ?? ''),
    metadata['deletionTimestamp'] === undefined ? textOf(status['phase'] ?? '') : 'Terminating',
    claim ? `${textOf(claim['namespace'])}/${textOf(claim['name'])}` : '',
    storageClass(volume, spec),
    textOf(spec['volumeAttributesClassName'] ?? unset),
    textOf(status['reason'] ?? ''),
    ageOf(metadata['creationTimestamp'], nowMs),
    textOf(spec['volumeMode'] ?? unset),
  ];
};

export const printClaim: Cells = (claim, nowMs) => {
  const spec = record(claim['spec']) ?? {};
  const status = record(claim['status']) ?? {};
  const metadata = record(claim['metadata']) ?? {};
  const bound = textOf(spec['volumeName'] ?? '') !== '';
  return [
    metadata['deletionTimestamp'] === undefined ? textOf(status['phase'] ?? '') : 'Terminating',
    textOf(spec['volumeName'] ?? ''),
    bound ? textOf(record(status['capacity'])?.['storage'] ?? '0') : '',
    bound ? modes(status['accessModes']) : '',
    storageClass(claim, spec),
    textOf(spec['volumeAttributesClassName'] ?? unset),
    ageOf(metadata['creationTimestamp'], nowMs),
    textOf(spec['volumeMode'] ?? unset),
  ];
};
