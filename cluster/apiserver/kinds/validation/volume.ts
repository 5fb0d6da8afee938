import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { duplicate, eachItem, forbidden, invalid, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { validateFieldRef, validateResourceFieldRef } from './environment.ts';
import { dns1123Label, dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateDriverName, validateHostPath, validateNfs, type SourceCheck } from './volume-source.ts';

/** Name and volumes of a pod. */
export interface Volumes {
  readonly list: readonly JsonObject[];
  /** Without a name in a template. */
  readonly podName?: string | undefined;
}

/** What is wrong with the volumes of a pod. */
export function validateVolumes({ list, podName }: Volumes, field: string): Cause[] {
  const names = new Set<string>();
  return eachItem(list, field, (volume, path) => {
    const name = optionalText(volume['name']);
    const causes = validateSources(volume, path);
    if (record(volume['ephemeral']) && podName !== undefined && name)
      causes.push(...validateClaimName(podName, name, path));
    if (!name) causes.push(required(`${path}.name`));
    else causes.push(...checkFormat(`${path}.name`, name, dns1123Label));
    if (names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    return causes;
  });
}

/** Volumes that containers may refer to, by name: those without a mistake. */
export function soundVolumes(list: readonly JsonObject[]): Map<string, JsonObject> {
  const sound = list.filter(
    (volume) => dns1123Label(optionalText(volume['name'])).length === 0 && validateSources(volume, '').length === 0,
  );
  return new Map(sound.map((volume) => [optionalText(volume['name']), volume]));
}

/** The claim of an ephemeral volume is named after the pod and the volume. */
function validateClaimName(podName: string, name: string, field: string): Cause[] {
  const claim = `${podName}-${name}`;
  return dns1123Subdomain(claim).map((problem) =>
    invalid(`${field}.name`, name, `PVC name ${JSON.stringify(claim)}: ${problem}`),
  );
}

const needs =
  (...names: readonly string[]): SourceCheck =>
  (source, field) =>
    names.filter((name) => !source[name]).map((name) => required(`${field}.${name}`));

const modeNote = 'must be a number between 0 and 0777 (octal), both inclusive';

function validateMode(mode: unknown, field: string): Cause[] {
  const bad = typeof mode === 'number' && (mode < 0 || mode > 0o777);
  return bad ? [invalid(field, mode, modeNote)] : [];
}

function validateKeys(list: unknown, field: string): Cause[] {
  return eachItem(list, field, (item, path) => [
    ...(item['key'] ? [] : [required(`${path}.key`)]),
    ...(item['path'] ? validateLocalPath(optionalText(item['path']), `${path}.path`) : [required(`${path}.path`)]),
    ...validateMode(item['mode'], `${path}.mode`),
  ]);
}

/** A path below a volume: relative, and never upwards. */
function validateLocalPath(path: string, field: string): Cause[] {
  const causes = path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : [];
  if (path.split('/').includes('..')) causes.push(invalid(field, path, "must not contain '..'"));
  if (path.startsWith('..') && !path.startsWith('../')) causes.push(invalid(field, path, "must not start with '..'"));
  return causes;
}

const files =
  (nameField: string): SourceCheck =>
  (source, field) => [
    ...(source[nameField] ? [] : [required(`${field}.${nameField}`)]),
    ...validateMode(source['defaultMode'], `${field}.defaultMode`),
    ...validateKeys(source['items'], `${field}.items`),
  ];

function validateDownward(source: JsonObject, field: string): Cause[] {
  return [
    ...validateMode(source['defaultMode'], `${field}.defaultMode`),
    ...items(source['items']).flatMap((item) => validateDownwardItem(item, field)),
  ];
}

function validateDownwardItem(item: JsonObject, field: string): Cause[] {
  const [reference, resource] = [record(item['fieldRef']), record(item['resourceFieldRef'])];
  const causes = item['path']
    ? validateLocalPath(optionalText(item['path']), `${field}.path`)
    : [required(`${field}.path`)];
  if (reference) {
    causes.push(...validateFieldRef(reference, `${field}.fieldRef`, 'volume'));
    if (resource)
      causes.push(invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (resource) causes.push(...validateResourceFieldRef(resource, `${field}.resourceFieldRef`, 'volume'));
  else causes.push(required(field, 'one of fieldRef and resourceFieldRef is required'));
  return [...causes, ...validateMode(item['mode'], `${field}.mode`)];
}

const shortestTokenSeconds = 600;
const longestTokenSeconds = 2 ** 32;

function validateToken(source: JsonObject, field: string, projected: string): Cause[] {
  const seconds = source['expirationSeconds'];
  const path = `${field}.expirationSeconds`;
  const causes: Cause[] = [];
  if (typeof seconds === 'number' && seconds < shortestTokenSeconds)
    causes.push(invalid(path, seconds, 'may not specify a duration less than 10 minutes'));
  if (typeof seconds === 'number' && seconds > longestTokenSeconds)
    causes.push(invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds'));
  if (!source['path']) causes.push(required(`${projected}.path`));
  else causes.push(...validateLocalPath(optionalText(source['path']), `${projected}.path`));
  return causes;
}

function validateProjected(source: JsonObject, field: string): Cause[] {
  return [
    ...validateMode(source['defaultMode'], `${field}.defaultMode`),
    ...eachItem(source['sources'], `${field}.sources`, (item, path) => validateProjection(item, path, field)),
    ...validateProjectedPaths(items(source['sources']), field),
  ];
}

function validateProjection(source: JsonObject, field: string, projected: string): Cause[] {
  const checks: Readonly<Record<string, SourceCheck>> = {
    secret: files('name'),
    configMap: files('name'),
    downwardAPI: validateDownward,
    serviceAccountToken: (token, path) => validateToken(token, path, projected),
  };
  const present = Object.keys(checks).filter((kind) => record(source[kind]));
  const [first, ...others] = present;
  return [
    ...(first ? (checks[first]?.(fieldsIn(source[first]), `${field}.${first}`) ?? []) : []),
    ...others.map((kind) => forbidden(`${field}.${kind}`, 'may not specify more than 1 volume type per source')),
  ];
}

/** Two files of one projected volume may not have the same path; tokens are only warned of. */
function validateProjectedPaths(sources: readonly JsonObject[], field: string): Cause[] {
  const seen = new Set<string>();
  const named = sources.flatMap((source) =>
    ['secret', 'configMap', 'downwardAPI'].flatMap((kind) => {
      const member = fieldsIn(source[kind]);
      return items(member['items']).map((item) => ({
        path: optionalText(item['path']),
        name: optionalText(member['name']),
        kind,
      }));
    }),
  );
  return named.flatMap(({ path, name, kind }) => {
    if (!path) return [];
    if (!seen.has(path)) {
      seen.add(path);
      return [];
    }
    return [invalid(field, kind === 'downwardAPI' ? path : name, 'conflicting duplicate paths')];
  });
}

function validateEphemeral(source: JsonObject, field: string): Cause[] {
  const template = record(source['volumeClaimTemplate']);
  const path = `${field}.volumeClaimTemplate`;
  return template ? validateClaimSpec(fieldsIn(template['spec']), `${path}.spec`) : [required(path)];
}

const iqn = /^iqn\.\d{4}-\d{2}\.([0-9a-zA-Z.:/-]+)(:[^,;*&$|\s]+)?$|^(eui\.[0-9a-fA-F]{16}|naa\.[0-9a-fA-F]{32})$/;
const mostLun = 255;

function validateLun(lun: unknown, field: string): Cause[] {
  const bad = typeof lun === 'number' && (lun < 0 || lun > mostLun);
  return bad ? [invalid(field, lun, `must be between 0 and ${mostLun}, inclusive`)] : [];
}

function validateIscsi(source: JsonObject, field: string): Cause[] {
  const name = optionalText(source['iqn']);
  const known = /^(iqn|eui|naa)\./.test(name);
  const note = known ? 'must be valid format' : 'must be valid format starting with iqn, eui, or naa';
  return [
    ...(source['targetPortal'] ? [] : [required(`${field}.targetPortal`)]),
    ...(name ? [] : [required(`${field}.iqn`)]),
    ...(name && !iqn.test(name) ? [invalid(`${field}.iqn`, name, note)] : []),
    ...validateLun(source['lun'], `${field}.lun`),
  ];
}

function validateFibreChannel(source: JsonObject, field: string): Cause[] {
  const [names, ids] = [texts(source['targetWWNs']), texts(source['wwids'])];
  const note = 'must specify either targetWWNs or wwids, but not both';
  if (names.length === 0 && ids.length === 0) return [required(`${field}.targetWWNs`, note)];
  if (names.length > 0 && ids.length > 0) return [invalid(`${field}.targetWWNs`, names, note)];
  if (names.length === 0) return [];
  if (source['lun'] === undefined) return [required(`${field}.lun`, 'lun is required if targetWWNs is specified')];
  return validateLun(source['lun'], `${field}.lun`);
}

const sources: Readonly<Record<string, SourceCheck>> = {
  emptyDir: () => [],
  hostPath: validateHostPath,
  gcePersistentDisk: needs('pdName'),
  awsElasticBlockStore: needs('volumeID'),
  gitRepo: needs('repository'),
  secret: files('secretName'),
  nfs: validateNfs,
  iscsi: validateIscsi,
  glusterfs: needs('endpoints', 'path'),
  persistentVolumeClaim: needs('claimName'),
  rbd: needs('monitors', 'image'),
  cinder: needs('volumeID'),
  cephfs: needs('monitors'),
  flocker: () => [],
  downwardAPI: validateDownward,
  fc: validateFibreChannel,
  azureFile: needs('secretName', 'shareName'),
  configMap: files('name'),
  vsphereVolume: needs('volumePath'),
  quobyte: needs('registry'),
  azureDisk: needs('diskName', 'diskURI'),
  photonPersistentDisk: needs('pdID'),
  projected: validateProjected,
  portworxVolume: needs('volumeID'),
  scaleIO: needs('gateway', 'system', 'volumeName'),
  storageos: () => [],
  csi: (source, field) => validateDriverName(optionalText(source['driver']), `${field}.driver`),
  ephemeral: validateEphemeral,
  image: (source, field) => [
    ...(source['reference'] ? [] : [required(`${field}.reference`)]),
    ...validateChoice(source, 'pullPolicy', { field, supported: ['Always', 'IfNotPresent', 'Never'] }),
  ],
};

function validateSources(volume: JsonObject, field: string): Cause[] {
  const [first, ...others] = Object.keys(sources).filter((kind) => record(volume[kind]));
  if (!first) return [required(field, 'must specify a volume type')];
  return [
    ...(sources[first]?.(fieldsIn(volume[first]), `${field}.${first}`) ?? []),
    ...others.map((kind) => forbidden(`${field}.${kind}`, 'may not specify more than 1 volume type')),
  ];
}
