import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, record, texts } from '../rules/set-default.ts';
import { at, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Who may use a volume at once. */
export function validateModes(modes: readonly string[], field: string): Cause[] {
  const causes = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported(field, mode, accessModes));
  if (modes.length <= 1 || !modes.includes('ReadWriteOncePod')) return causes;
  const note = 'may not use ReadWriteOncePod with other access modes';
  return [...causes, forbidden(field, note)];
}

/** What is wrong with the spec of a claim, in a claim or in a template of one. */
export function validateClaimSpec(spec: JsonObject, field: string): Cause[] {
  const modes = texts(spec['accessModes']);
  const storage = fieldsIn(fieldsIn(spec['resources'])['requests'])['storage'];
  return [
    ...(modes.length === 0 ? [required(`${field}.accessModes`, 'at least 1 access mode is required')] : []),
    ...validateSelector(spec['selector'], `${field}.selector`),
    ...validateModes(modes, `${field}.accessModes`),
    ...(storage === undefined ? [required(at(`${field}.resources`, 'storage'))] : validateStorage(storage, field)),
    ...(spec['storageClassName']
      ? checkFormat(`${field}.storageClassName`, optionalText(spec['storageClassName']), dns1123Subdomain)
      : []),
    ...validateChoice(spec, 'volumeMode', { field, supported: ['Block', 'Filesystem'] }),
    ...validateDataSources(spec, field),
  ];
}

function validateStorage(amount: unknown, field: string): Cause[] {
  const path = at(`${field}.resources`, 'storage');
  return quantityValue(optionalText(amount)) <= 0 ? [invalid(path, amount, 'must be greater than zero')] : [];
}

function validateDataSources(spec: JsonObject, field: string): Cause[] {
  const each = ['dataSource', 'dataSourceRef'].flatMap((name) => {
    const source = record(spec[name]);
    return source ? validateDataSource(source, `${field}.${name}`) : [];
  });
  return isOneSource(spec) ? each : [...each, invalid(field, {}, 'must match dataSourceRef')];
}

/** Where a claim names its source in both ways, it is the same one. */
function isOneSource(spec: JsonObject): boolean {
  const [source, reference] = [record(spec['dataSource']), record(spec['dataSourceRef'])];
  return !source || !reference || isDeepStrictEqual(source, reference);
}

function validateDataSource(source: JsonObject, field: string): Cause[] {
  const group = optionalText(source['apiGroup']);
  return [
    ...(source['name'] ? [] : [required(`${field}.name`)]),
    ...(source['kind'] ? [] : [required(`${field}.kind`)]),
    ...(group === '' && source['kind'] !== 'PersistentVolumeClaim'
      ? [invalid(field, source['kind'] ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
      : []),
    ...(group ? checkFormat(`${field}.apiGroup`, group, dns1123Subdomain) : []),
  ];
}
