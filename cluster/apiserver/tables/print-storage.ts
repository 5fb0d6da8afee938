import { record, texts } from '../kinds/rules/set-default.ts';
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
  return String(annotation ?? spec['storageClassName'] ?? '');
}

export const printVolume: Cells = (volume, nowMs) => {
  const spec = record(volume['spec']) ?? {};
  const status = record(volume['status']) ?? {};
  const metadata = record(volume['metadata']) ?? {};
  const claim = record(spec['claimRef']);
  return [
    String(record(spec['capacity'])?.['storage'] ?? ''),
    modes(spec['accessModes']),
    String(spec['persistentVolumeReclaimPolicy'] ?? ''),
    metadata['deletionTimestamp'] === undefined ? String(status['phase'] ?? '') : 'Terminating',
    claim ? `${String(claim['namespace'])}/${String(claim['name'])}` : '',
    storageClass(volume, spec),
    String(spec['volumeAttributesClassName'] ?? unset),
    String(status['reason'] ?? ''),
    ageOf(metadata['creationTimestamp'], nowMs),
    String(spec['volumeMode'] ?? unset),
  ];
};

export const printClaim: Cells = (claim, nowMs) => {
  const spec = record(claim['spec']) ?? {};
  const status = record(claim['status']) ?? {};
  const metadata = record(claim['metadata']) ?? {};
  const bound = String(spec['volumeName'] ?? '') !== '';
  return [
    metadata['deletionTimestamp'] === undefined ? String(status['phase'] ?? '') : 'Terminating',
    String(spec['volumeName'] ?? ''),
    bound ? String(record(status['capacity'])?.['storage'] ?? '0') : '',
    bound ? modes(status['accessModes']) : '',
    storageClass(claim, spec),
    String(spec['volumeAttributesClassName'] ?? unset),
    ageOf(metadata['creationTimestamp'], nowMs),
    String(spec['volumeMode'] ?? unset),
  ];
};
