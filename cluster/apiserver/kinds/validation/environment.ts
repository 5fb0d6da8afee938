import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { optionalText, record } from '../rules/set-default.ts';
import { eachItem, invalid, notSupported, required } from './cause.ts';
import { configMapKey, dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';

/** Who asks for a value of the pod: a variable may have what is known before the pod runs, a file what may change. */
type Asker = 'variable' | 'volume';

const convertible = new Set([
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);
const variablePaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const volumePaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const amounts = ['cpu', 'ephemeral-storage', 'memory'];
const resourcePaths = ['limits', 'requests'].flatMap((set) => amounts.map((name) => `${set}.${name}`));

/** A field of the pod as the value of a variable or a file. */
export function validateFieldRef(reference: JsonObject, field: string, asker: Asker): Cause[] {
  const path = optionalText(reference['fieldPath']);
  if (!reference['apiVersion']) return [required(`${field}.apiVersion`)];
  if (!path) return [required(`${field}.fieldPath`)];
  const [base = '', key] = path.split(/\['(.*)'\]$/);
  if (key !== undefined) return validateKeyed(base, path, `${field}.fieldPath`);
  if (!convertible.has(path))
    return [invalid(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  const allowed = asker === 'variable' ? variablePaths : volumePaths;
  return allowed.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, [...allowed].sort())];
}

function validateKeyed(base: string, path: string, field: string): Cause[] {
  if (base === 'metadata.labels' || base === 'metadata.annotations') return [];
  return [invalid(field, path, 'does not support subscript')];
}

/** An amount of a container's resources as the value of a variable or a file. */
export function validateResourceFieldRef(reference: JsonObject, field: string, asker: Asker): Cause[] {
  const resource = optionalText(reference['resource']);
  if (asker === 'volume' && !reference['containerName']) return [required(`${field}.containerName`)];
  if (!resource) return [required(`${field}.resource`)];
  const known = resourcePaths.includes(resource) || /^(limits|requests)\.hugepages-/.test(resource);
  return known ? [] : [notSupported(`${field}.resource`, resource, resourcePaths)];
}

function validateKeyRef(reference: JsonObject, field: string): Cause[] {
  const key = optionalText(reference['key']);
  return [
    ...checkFormat(`${field}.name`, optionalText(reference['name']), dns1123Subdomain),
    ...(key ? checkFormat(`${field}.key`, key, configMapKey) : [required(`${field}.key`)]),
  ];
}

type Check = (source: JsonObject, field: string) => Cause[];

const sources: Readonly<Record<string, Check>> = {
  fieldRef: (reference, field) => validateFieldRef(reference, field, 'variable'),
  resourceFieldRef: (reference, field) => validateResourceFieldRef(reference, field, 'variable'),
  configMapKeyRef: validateKeyRef,
  secretKeyRef: validateKeyRef,
  fileKeyRef: () => [],
};

/** What is wrong with the variables of a container. */
export function validateVariables(variables: unknown, field: string): Cause[] {
  return eachItem(variables, field, (variable, path) => {
    const name = optionalText(variable['name']);
    const from = record(variable['valueFrom']);
    return [
      ...(name ? validateVariableName(name, `${path}.name`) : [required(`${path}.name`)]),
      ...(from ? validateValueFrom(from, variable, `${path}.valueFrom`) : []),
    ];
  });
}

function validateVariableName(name: string, field: string): Cause[] {
  const fine = /^[^=\0-\x1f\x7f-\uffff]+$/.test(name);
  const note = "a valid environment variable name must consist only of printable ASCII characters other than '='";
  return fine ? [] : [invalid(field, name, note)];
}

function validateValueFrom(from: JsonObject, variable: JsonObject, field: string): Cause[] {
  const present = Object.keys(sources).filter((source) => record(from[source]));
  const causes = present.flatMap((source) => sources[source]?.(record(from[source]) ?? {}, `${field}.${source}`) ?? []);
  const one = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
  if (present.length === 0) return [invalid(field, '', one), ...causes];
  if (variable['value']) return [invalid(field, '', 'may not be specified when `value` is not empty'), ...causes];
  return present.length > 1
    ? [invalid(field, '', 'may not have more than one field specified at a time'), ...causes]
    : causes;
}

/** What is wrong with the config maps and secrets whose keys become variables. */
export function validateVariableSources(list: unknown, field: string): Cause[] {
  return eachItem(list, field, (source, path) => {
    const present = ['configMapRef', 'secretRef'].filter((kind) => record(source[kind]));
    const causes = source['prefix'] ? validateVariableName(optionalText(source['prefix']), `${path}.prefix`) : [];
    const note = 'must specify one of: `configMapRef` or `secretRef`';
    if (present.length === 0) return [...causes, invalid(field, '', note)];
    if (present.length > 1) causes.push(invalid(field, '', 'may not have more than one field specified at a time'));
    return [...causes, ...present.flatMap((kind) => validateReference(record(source[kind]), `${path}.${kind}.name`))];
  });
}

function validateReference(reference: JsonObject | undefined, field: string): Cause[] {
  const name = optionalText(reference?.['name']);
  return name ? checkFormat(field, name, dns1123Subdomain) : [required(field)];
}
