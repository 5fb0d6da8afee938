import type { Cause } from '@kit/base';
import { sentEmpty } from '../../codec/sent-empty.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, record, texts } from '../rules/set-default.ts';
import { at, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { validateModes } from './claim-spec.ts';
import { dns1123Subdomain } from './format.ts';
import { validateNodeSelector } from './node-selector.ts';
import { checkFormat } from './object-meta.ts';
import { fieldsOfVolume } from './volume-fields.ts';
import { validateDriverName, validateHostPath, validateNfs } from './volume-source.ts';

function validateCapacity(spec: JsonObject): Cause[] {
  const capacity = record(spec['capacity']);
  const amounts = Object.entries(capacity ?? {});
  const onlyStorage = amounts.length === 1 && amounts[0]?.[0] === 'storage';
  const shown = capacity ?? sentEmpty(spec, 'capacity') ?? null;
  return [
    ...(amounts.length > 0 ? [] : [required('spec.capacity')]),
    ...(onlyStorage ? [] : [notSupported('spec.capacity', shown, ['storage'])]),
    ...amounts
      .filter(([, amount]) => quantityValue(optionalText(amount)) <= 0)
      .map(([name, amount]) => invalid(at('spec.capacity', name), amount, 'must be greater than zero')),
  ];
}

type Check = (source: JsonObject, field: string) => Cause[];

const sources: Readonly<Record<string, Check>> = {
  hostPath: validateHostPath,
  nfs: validateNfs,
  local: (source, field) => (source['path'] ? [] : [required(`${field}.path`)]),
  csi: (source, field) => [
    ...validateDriverName(optionalText(source['driver']), `${field}.driver`),
    ...(source['volumeHandle'] ? [] : [required(`${field}.volumeHandle`)]),
    ...[
      'controllerPublishSecretRef',
      'controllerExpandSecretRef',
      'nodePublishSecretRef',
      'nodeExpandSecretRef',
    ].flatMap((name) => validateSecretRef(record(source[name]), `${field}.${name}`)),
  ],
};

function validateSecretRef(reference: JsonObject | undefined, field: string): Cause[] {
  if (!reference) return [];
  return ['name', 'namespace'].filter((name) => !reference[name]).map((name) => required(`${field}.${name}`));
}

/** What is wrong with the spec of a persistent volume. */
export function validateVolumeSpec(spec: JsonObject): Cause[] {
  const modes = texts(spec['accessModes']);
  const kinds = Object.keys(spec).filter((field) => !fieldsOfVolume.has(field));
  const reclaim = spec['persistentVolumeReclaimPolicy'];
  return [
    ...(modes.length === 0 ? [required('spec.accessModes')] : []),
    ...validateModes(modes, 'spec.accessModes'),
    ...validateCapacity(spec),
    ...validateChoice(spec, 'persistentVolumeReclaimPolicy', {
      field: 'spec',
      supported: ['Delete', 'Recycle', 'Retain'],
    }),
    ...validateVolumeAffinity(record(spec['nodeAffinity'])),
    ...kinds.flatMap((kind) => sources[kind]?.(fieldsIn(spec[kind]), `spec.${kind}`) ?? []),
    ...(record(spec['local']) && !record(spec['nodeAffinity'])
      ? [required('spec.nodeAffinity', 'Local volume requires node affinity')]
      : []),
    ...(kinds.length === 0 ? [required('spec', 'must specify a volume type')] : []),
    ...(fieldsIn(spec['hostPath'])['path'] === '/' && reclaim === 'Recycle'
      ? [forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...(spec['storageClassName']
      ? checkFormat('spec.storageClassName', optionalText(spec['storageClassName']), dns1123Subdomain)
      : []),
    ...validateChoice(spec, 'volumeMode', { field: 'spec', supported: ['Block', 'Filesystem'] }),
  ];
}

function validateVolumeAffinity(affinity: JsonObject | undefined): Cause[] {
  if (!affinity) return [];
  const wanted = record(affinity['required']);
  const field = 'spec.nodeAffinity.required';
  return wanted ? validateNodeSelector(wanted, field) : [required(field, 'must specify required node constraints')];
}
