import { fieldsIn, optionalText, record, textOf, texts } from '../kinds/rules/set-default.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { ageOfObject } from './age.ts';
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
  const spec = fieldsIn(volume['spec']);
  const claim = record(spec['claimRef']);
  return [
    optionalText(fieldsIn(spec['capacity'])['storage']),
    modes(spec['accessModes']),
    optionalText(spec['persistentVolumeReclaimPolicy']),
    phase(volume),
    claim ? `${textOf(claim['namespace'])}/${textOf(claim['name'])}` : '',
    storageClass(volume, spec),
    textOf(spec['volumeAttributesClassName'] ?? unset),
    optionalText(fieldsIn(volume['status'])['reason']),
    ageOfObject(volume, nowMs),
    textOf(spec['volumeMode'] ?? unset),
  ];
};

function phase(object: JsonObject): string {
  const deleted = fieldsIn(object['metadata'])['deletionTimestamp'] !== undefined;
  return deleted ? 'Terminating' : optionalText(fieldsIn(object['status'])['phase']);
}

export const printClaim: Cells = (claim, nowMs) => {
  const [spec, status] = [fieldsIn(claim['spec']), fieldsIn(claim['status'])];
  const volume = optionalText(spec['volumeName']);
  return [
    phase(claim),
    volume,
    volume ? textOf(fieldsIn(status['capacity'])['storage'] ?? '0') : '',
    volume ? modes(status['accessModes']) : '',
    storageClass(claim, spec),
    textOf(spec['volumeAttributesClassName'] ?? unset),
    ageOfObject(claim, nowMs),
    textOf(spec['volumeMode'] ?? unset),
  ];
};
