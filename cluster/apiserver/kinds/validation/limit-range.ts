import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText } from '../rules/set-default.ts';
import { at, duplicate, eachItem, forbidden, invalid, required } from './cause.ts';
import { qualifiedName } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateContainerResourceName, validateResourceName } from './resource-name.ts';

const standardTypes = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);
const setsInOrder = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type Sets = Readonly<Record<(typeof setsInOrder)[number], JsonObject>>;

/** What is wrong with a LimitRange: one entry a type, known resources, and bounds that leave room. */
export function validateLimitRange(object: ClusterObject): Cause[] {
  const seen = new Set<string>();
  return eachItem(fieldsIn(object['spec'])['limits'], 'spec.limits', (limit, field) => {
    const type = optionalText(limit['type']);
    const causes = validateType(type, `${field}.type`);
    if (seen.has(type)) causes.push(duplicate(`${field}.type`, type));
    seen.add(type);
    return [...causes, ...validateLimit(limit, type, field)];
  });
}

function validateType(type: string, field: string): Cause[] {
  const causes = checkFormat(field, type, qualifiedName);
  if (causes.length > 0 || type.includes('/') || standardTypes.has(type)) return causes;
  return [invalid(field, type, 'must be a standard limit type or fully qualified')];
}

function validateLimit(limit: JsonObject, type: string, field: string): Cause[] {
  const sets: Sets = {
    max: fieldsIn(limit['max']),
    min: fieldsIn(limit['min']),
    default: fieldsIn(limit['default']),
    defaultRequest: fieldsIn(limit['defaultRequest']),
    maxLimitRequestRatio: fieldsIn(limit['maxLimitRequestRatio']),
  };
  const counted = setsInOrder.filter((set) => type !== 'Pod' || !set.startsWith('default'));
  const names = [...new Set(counted.flatMap((set) => Object.keys(sets[set])))].sort();
  return [
    ...counted.flatMap((set) => validateNames(sets[set], type, `${field}.${set}`)),
    ...(type === 'Pod' ? validateNoDefaults(sets, field) : []),
    ...(type === 'PersistentVolumeClaim' ? validateStorageBounds(sets, field) : []),
    ...names.flatMap((name) => validateBounds(name, sets, field)),
  ];
}

function validateNames(amounts: JsonObject, type: string, field: string): Cause[] {
  const check = type === 'Pod' || type === 'Container' ? validateContainerResourceName : validateResourceName;
  return Object.keys(amounts).flatMap((name) => check(name, at(field, name)));
}

function validateNoDefaults(sets: Sets, field: string): Cause[] {
  const note = "may not be specified when `type` is 'Pod'";
  return (['default', 'defaultRequest'] as const)
    .filter((set) => Object.keys(sets[set]).length > 0)
    .map((set) => forbidden(`${field}.${set}`, note));
}

function validateStorageBounds({ min, max }: Sets, field: string): Cause[] {
  if (min['storage'] !== undefined || max['storage'] !== undefined) return [];
  return [required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided')];
}

/** Two amounts of one resource of which the first may not be greater, and what is said of which when it is. */
interface Order {
  readonly lower: keyof Sets;
  readonly upper: keyof Sets;
  readonly place: keyof Sets;
  readonly shows: 'lower' | 'upper';
  readonly say: (lower: string, upper: string) => string;
}

const orders: readonly Order[] = [
  {
    lower: 'min',
    upper: 'max',
    place: 'min',
    shows: 'lower',
    say: (min, max) => `min value ${min} is greater than max value ${max}`,
  },
  {
    lower: 'min',
    upper: 'defaultRequest',
    place: 'defaultRequest',
    shows: 'upper',
    say: (min, request) => `min value ${min} is greater than default request value ${request}`,
  },
  {
    lower: 'defaultRequest',
    upper: 'max',
    place: 'defaultRequest',
    shows: 'lower',
    say: (request, max) => `default request value ${request} is greater than max value ${max}`,
  },
  {
    lower: 'defaultRequest',
    upper: 'default',
    place: 'defaultRequest',
    shows: 'lower',
    say: (request, limit) => `default request value ${request} is greater than default limit value ${limit}`,
  },
  {
    lower: 'min',
    upper: 'default',
    place: 'default',
    shows: 'lower',
    say: (min, limit) => `min value ${min} is greater than default value ${limit}`,
  },
  {
    lower: 'default',
    upper: 'max',
    place: 'default',
    shows: 'upper',
    say: (limit, max) => `default value ${limit} is greater than max value ${max}`,
  },
];

function validateBounds(name: string, sets: Sets, field: string): Cause[] {
  const causes = orders.flatMap(({ lower, upper, place, shows, say }): Cause[] => {
    const [low, high] = [sets[lower][name], sets[upper][name]];
    if (low === undefined || high === undefined) return [];
    const [lowText, highText] = [optionalText(low), optionalText(high)];
    if (quantityValue(lowText) <= quantityValue(highText)) return [];
    return [invalid(at(`${field}.${place}`, name), shows === 'lower' ? low : high, say(lowText, highText))];
  });
  return [...causes, ...validateRatio(name, sets, field)];
}

function validateRatio(name: string, { min, max, maxLimitRequestRatio }: Sets, field: string): Cause[] {
  const given = maxLimitRequestRatio[name];
  if (given === undefined) return [];
  const path = at(`${field}.maxLimitRequestRatio`, name);
  const ratio = quantityValue(optionalText(given));
  const causes = ratio < 1 ? [invalid(path, given, `ratio ${optionalText(given)} is less than 1`)] : [];
  if (min[name] === undefined || max[name] === undefined) return causes;
  const most = quantityValue(optionalText(max[name])) / quantityValue(optionalText(min[name]));
  if (ratio <= most) return causes;
  return [...causes, invalid(path, given, `ratio ${optionalText(given)} is greater than max/min = ${most.toFixed(6)}`)];
}
