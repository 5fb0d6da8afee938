import type { JsonObject } from '../schema/schema.ts';
import { FieldSet } from './field-set.ts';

/** One entry of metadata.managedFields. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

/** One manager and what it owns. Managers are told apart by everything but `time` and `fields`. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

export function isSameManager(a: Omit<Manager, 'fields' | 'time'>, b: Omit<Manager, 'fields' | 'time'>): boolean {
  return (
    a.name === b.name && a.operation === b.operation && a.apiVersion === b.apiVersion && a.subresource === b.subresource
  );
}

/** Reads managedFields; entries that are not well-formed are dropped, as the real server does. */
export function decodeManagers(entries: readonly unknown[] | undefined, read = FieldSet.fromFieldsV1): Manager[] {
  const objects = (entries ?? []) as Partial<ManagedEntry>[]; // objects by schema; their fields are checked below
  return objects.flatMap((entry) => {
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') return [];
    return [
      {
        name: entry.manager ?? '',
        operation: entry.operation,
        apiVersion: entry.apiVersion ?? '',
        subresource: entry.subresource ?? '',
        time: entry.time,
        fields: read(entry.fieldsV1 ?? {}),
      },
    ];
  });
}

/** Writes managedFields: applies first, then by time and name; a manager that owns nothing is left out. */
export function encodeManagers(managers: readonly Manager[]): ManagedEntry[] {
  const sortKey = (m: Manager): string => [m.operation, m.time ?? '', m.name, m.apiVersion, m.subresource].join('\0');
  return managers
    .filter(({ fields }) => !fields.isEmpty)
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
    .map(({ name, operation, apiVersion, subresource, time, fields }) => ({
      manager: name,
      operation,
      apiVersion,
      ...(time && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fields.toFieldsV1(),
      ...(subresource && { subresource }),
    }));
}

const unowned = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];

/** Fields nobody owns: the identity of the object and what the server sets. */
export const unownedFields = new FieldSet(
  ['f:apiVersion', 'f:kind', 'f:metadata'],
  [['f:metadata', new FieldSet(unowned.map((field) => `f:${field}`))]],
);

/** True for `[{}]`, with which a client drops all ownership. */
export function isReset(entries: readonly unknown[] | undefined): boolean {
  const [only, ...more] = entries ?? [];
  return only !== undefined && more.length === 0 && Object.keys(only as object).length === 0; // an entry is an object by schema
}
