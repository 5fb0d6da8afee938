import type { Cause } from '@kit/base';
import { quantityValue } from '../../schema/quantity.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, optionalText, record, textOf } from '../rules/set-default.ts';
import { at, duplicate, eachItem, invalid, notFound, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { validateVariables, validateVariableSources } from './environment.ts';
import { dns1123Label, portName, portNumber } from './format.ts';
import { validateHandler, validateProbe, type Grace } from './handler.ts';
import { checkFormat } from './object-meta.ts';
import { validateContainerResourceName } from './resource-name.ts';
import { validateContainerSecurity } from './security-context.ts';

/** What the containers of a pod share. */
export interface PodContext {
  readonly volumes: ReadonlyMap<string, JsonObject>;
  readonly grace: Grace;
}

const protocols = ['SCTP', 'TCP', 'UDP'];

/** What is wrong with the containers of one list. */
export function validateContainers(list: readonly JsonObject[], field: string, pod: PodContext): Cause[] {
  const names = new Set<string>();
  return eachItem(list, field, (container, path) => {
    const name = optionalText(container['name']);
    const causes = name ? checkFormat(`${path}.name`, name, dns1123Label) : [required(`${path}.name`)];
    if (name && names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    return [...causes, ...validateContainer(container, path, pod)];
  });
}

function validateContainer(container: JsonObject, field: string, pod: PodContext): Cause[] {
  const hooks = record(container['lifecycle']);
  const image = optionalText(container['image']);
  return [
    ...(image ? [] : [required(`${field}.image`)]),
    ...(image === image.trim()
      ? []
      : [invalid(`${field}.image`, image, 'must not have leading or trailing whitespace')]),
    ...validateChoice(container, 'terminationMessagePolicy', { field, supported: ['File', 'FallbackToLogsOnError'] }),
    ...validatePorts(container['ports'], `${field}.ports`),
    ...validateVariables(container['env'], `${field}.env`),
    ...validateVariableSources(container['envFrom'], `${field}.envFrom`),
    ...validateMounts(container, field, pod.volumes),
    ...validateDevices(container, field, pod.volumes),
    ...validateChoice(container, 'imagePullPolicy', { field, supported: ['Always', 'IfNotPresent', 'Never'] }),
    ...validateChoice(container, 'restartPolicy', { field, supported: ['Always', 'Never', 'OnFailure'] }),
    ...validateResources(record(container['resources']), `${field}.resources`),
    ...validateResizePolicies(items(container['resizePolicy']), `${field}.resizePolicy`),
    ...validateContainerSecurity(record(container['securityContext']), `${field}.securityContext`),
    ...['postStart', 'preStop'].flatMap((name) => {
      const hook = record(hooks?.[name]);
      return hook ? validateHandler(hook, `${field}.lifecycle.${name}`, pod.grace) : [];
    }),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) =>
      validateProbe(container[name], name, field),
    ),
  ];
}

function validatePorts(ports: unknown, field: string): Cause[] {
  const names = new Set<string>();
  return eachItem(ports, field, (port, path) => {
    const name = optionalText(port['name']);
    const number = Number(port['containerPort'] ?? 0);
    const causes: Cause[] = name ? checkFormat(`${path}.name`, name, portName) : [];
    if (name && causes.length === 0 && names.has(name)) causes.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (number === 0) causes.push(required(`${path}.containerPort`));
    else causes.push(...portNumber(number).map((problem) => invalid(`${path}.containerPort`, number, problem)));
    const host = Number(port['hostPort'] ?? 0);
    if (host !== 0) causes.push(...portNumber(host).map((problem) => invalid(`${path}.hostPort`, host, problem)));
    return [...causes, ...validateChoice(port, 'protocol', { field: path, supported: protocols })];
  });
}

/** Ports of the node that two ports of one pod want. */
export function validateHostPorts(list: readonly JsonObject[], field: string): Cause[] {
  const taken = new Set<string>();
  return eachItem(list, field, (container, path) =>
    eachItem(container['ports'], `${path}.ports`, (port, portPath) => {
      const number = Number(port['hostPort'] ?? 0);
      if (number === 0) return [];
      const place = `${optionalText(port['protocol'])}/${optionalText(port['hostIP'])}/${number}`;
      if (taken.has(place)) return [duplicate(`${portPath}.hostPort`, place)];
      taken.add(place);
      return [];
    }),
  );
}

function validateMounts(container: JsonObject, field: string, volumes: PodContext['volumes']): Cause[] {
  const devices = new Set(items(container['volumeDevices']).map(({ devicePath }) => devicePath));
  const paths = new Set<string>();
  return eachItem(container['volumeMounts'], `${field}.volumeMounts`, (mount, at_) => {
    const [name, path] = [optionalText(mount['name']), optionalText(mount['mountPath'])];
    const causes = name ? [] : [required(`${at_}.name`)];
    if (!volumes.has(name)) causes.push(notFound(`${at_}.name`, name));
    if (!path) causes.push(required(`${at_}.mountPath`));
    if (paths.has(path)) causes.push(invalid(`${at_}.mountPath`, path, 'must be unique'));
    paths.add(path);
    if (devices.has(path)) causes.push(invalid(`${at_}.mountPath`, path, 'must not already exist in volumeDevices'));
    return [...causes, ...validateSubPaths(mount, at_)];
  });
}

function validateSubPaths(mount: JsonObject, field: string): Cause[] {
  const { subPath, subPathExpr } = mount;
  const causes = [subPath, subPathExpr].flatMap((path, index) => {
    if (!path) return [];
    const place = `${field}.${index === 0 ? 'subPath' : 'subPathExpr'}`;
    const text = optionalText(path);
    const absolute = text.startsWith('/') ? [invalid(place, text, 'must be a relative path')] : [];
    return text.split('/').includes('..') ? [...absolute, invalid(place, text, "must not contain '..'")] : absolute;
  });
  const note = 'subPathExpr and subPath are mutually exclusive';
  return subPath && subPathExpr ? [...causes, invalid(`${field}.subPathExpr`, subPathExpr, note)] : causes;
}

const blockNote = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';

function validateDevices(container: JsonObject, field: string, volumes: PodContext['volumes']): Cause[] {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  const mounts = new Set(items(container['volumeMounts']).map(({ mountPath }) => mountPath));
  return eachItem(container['volumeDevices'], `${field}.volumeDevices`, (device, at_) => {
    const [name, path] = [optionalText(device['name']), optionalText(device['devicePath'])];
    const causes = validateDeviceName(name, `${at_}.name`, { names, volume: volumes.get(name) });
    names.add(name);
    const place = `${at_}.devicePath`;
    if (!path) causes.push(required(place));
    if (paths.has(path)) causes.push(invalid(place, path, 'must be unique'));
    paths.add(path);
    if (path.split('/').includes('..')) causes.push(invalid(place, path, 'can not contain backsteps'));
    else if (mounts.has(path)) causes.push(invalid(place, path, 'must not already exist in volumeMounts'));
    return causes;
  });
}

interface Named {
  readonly names: ReadonlySet<string>;
  readonly volume: JsonObject | undefined;
}

function validateDeviceName(name: string, field: string, { names, volume }: Named): Cause[] {
  const causes = name ? [] : [required(field)];
  if (names.has(name)) causes.push(invalid(field, name, 'must be unique'));
  if (!volume) return [...causes, notFound(field, name)];
  if (!volume['persistentVolumeClaim'] && !volume['ephemeral']) causes.push(invalid(field, name, blockNote));
  return causes;
}

/** Names and amounts of requests and limits. */
export function validateResources(resources: JsonObject | undefined, field: string): Cause[] {
  const limits = record(resources?.['limits']) ?? {};
  const requests = record(resources?.['requests']) ?? {};
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => validateAmount(name, amount, `${field}.limits`)),
    ...Object.entries(requests).flatMap(([name, amount]) => [
      ...validateAmount(name, amount, `${field}.requests`),
      ...exceeds(name, amount, { limit: limits[name], field: `${field}.requests` }),
    ]),
  ];
}

function exceeds(name: string, amount: unknown, { limit, field }: { limit: unknown; field: string }): Cause[] {
  const fixed = name.includes('/') && !name.includes('kubernetes.io/');
  if (limit === undefined)
    return fixed
      ? [required(`${field.replace(/requests$/, 'limits')}`, 'Limit must be set for non overcommitable resources')]
      : [];
  const [asked, most] = [quantityValue(textOf(amount)), quantityValue(textOf(limit))];
  if (fixed && asked !== most) return [invalid(field, amount, `must be equal to ${name} limit of ${textOf(limit)}`)];
  if (asked <= most) return [];
  return [invalid(field, amount, `must be less than or equal to ${name} limit of ${textOf(limit)}`)];
}

function validateAmount(name: string, amount: unknown, field: string): Cause[] {
  const path = at(field, name);
  const causes = validateContainerResourceName(name, path);
  const value = quantityValue(textOf(amount));
  if (value < 0) causes.push(invalid(path, amount, 'must be greater than or equal to 0'));
  if (name.includes('/') && !Number.isInteger(value)) causes.push(invalid(path, amount, 'must be an integer'));
  return causes;
}

function validateResizePolicies(policies: readonly JsonObject[], field: string): Cause[] {
  const names = new Set<string>();
  return policies.flatMap(({ resourceName, restartPolicy }, index) => {
    const [name, policy] = [optionalText(resourceName), optionalText(restartPolicy)];
    const causes = oneOf(name, field, ['cpu', 'memory']);
    if (name && names.has(name)) return [duplicate(at(field, index), name)];
    names.add(name);
    return [...causes, ...oneOf(policy, field, ['NotRequired', 'RestartContainer'])];
  });
}

function oneOf(value: string, field: string, supported: readonly string[]): Cause[] {
  if (!value) return [required(field)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}
