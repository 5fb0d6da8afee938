import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { compileDeviceExpression } from './device-expression.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { at, duplicate, eachItem, invalid, notSupported, required, tooLong } from './cause.ts';
import { dns1123Label, dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';

/** What is wrong with the claim of devices, in a claim or a template of one. */
export function validateDeviceClaim(spec: JsonObject, field: string): Cause[] {
  const names = new Set<string>();
  return eachItem(fieldsIn(spec['devices'])['requests'], `${field}.devices.requests`, (request, path) => {
    const name = optionalText(request['name']);
    const causes = checkFormat(`${path}.name`, name, dns1123Label);
    causes.push(...validateRequest(request, path));
    if (name && names.has(name)) causes.push(duplicate(path, name));
    names.add(name);
    return causes;
  });
}

function validateRequest(request: JsonObject, field: string): Cause[] {
  const exactly = record(request['exactly']);
  const alternatives = items(request['firstAvailable']);
  const note = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly && alternatives.length > 0) return [invalid(field, '', note)];
  if (exactly) return validateWanted(exactly, `${field}.exactly`);
  if (alternatives.length === 0) return [required(field, note)];
  const names = new Set<string>();
  return eachItem(alternatives, `${field}.firstAvailable`, (alternative, path) => {
    const name = optionalText(alternative['name']);
    const causes = [...checkFormat(`${path}.name`, name, dns1123Label), ...validateWanted(alternative, path)];
    if (names.has(name)) causes.push(duplicate(path, name));
    names.add(name);
    return causes;
  });
}

const modes = ['All', 'ExactCount'];

function validateWanted(wanted: JsonObject, field: string): Cause[] {
  const name = optionalText(wanted['deviceClassName']);
  const path = `${field}.deviceClassName`;
  return [
    ...(name ? checkFormat(path, name, dns1123Subdomain) : [required(path)]),
    ...eachItem(wanted['selectors'], `${field}.selectors`, validateDeviceSelector),
    ...validateCount(wanted, field),
  ];
}

function validateCount(wanted: JsonObject, field: string): Cause[] {
  const mode = optionalText(wanted['allocationMode']);
  const count = Number(wanted['count'] ?? 0);
  if (mode === 'ExactCount') return count > 0 ? [] : [invalid(`${field}.count`, count, 'must be greater than zero')];
  if (mode === 'All') {
    const note = "must not be specified when allocationMode is 'All'";
    return count === 0 ? [] : [invalid(`${field}.count`, count, note)];
  }
  return [notSupported(`${field}.allocationMode`, mode, modes)];
}

function validateDeviceSelector(selector: JsonObject, field: string): Cause[] {
  const cel = record(selector['cel']);
  if (!cel) return [required(`${field}.cel`)];
  const expression = optionalText(cel['expression']);
  const { problem } = compileDeviceExpression(expression);
  return problem === undefined ? [] : [invalid(`${field}.cel.expression`, expression, problem)];
}

export function validateDeviceClass(object: ClusterObject): Cause[] {
  return eachItem(fieldsIn(object['spec'])['selectors'], 'spec.selectors', validateDeviceSelector);
}

const longestDriver = 63;
const longestPool = 253;
const placements = ['nodeName', 'nodeSelector', 'allNodes', 'perDeviceNodeSelection'];

/** What is wrong with a ResourceSlice: the devices of one driver in one place. */
export function validateResourceSlice(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const node = optionalText(spec['nodeName']);
  const driver = optionalText(spec['driver']);
  const placed = placements.filter((name) => spec[name]);
  const note = `exactly one of \`${placements.join('`, `')}\` is required`;
  return [
    ...(driver.length > longestDriver ? [tooLong('spec.driver', longestDriver)] : []),
    ...(driver ? checkFormat('spec.driver', driver, dns1123Subdomain) : [required('spec.driver')]),
    ...validatePool(fieldsIn(spec['pool'])),
    ...(node ? checkFormat('spec.nodeName', node, dns1123Subdomain) : []),
    ...(spec['nodeName'] === ''
      ? [invalid('spec.nodeName', '', 'must be either unset or set to a non-empty string')]
      : []),
    ...(placed.length === 0 ? [required('spec', note)] : []),
    ...(placed.length > 1 ? [invalid('spec', `{${placed.map((name) => `\`${name}\``).join(', ')}}`, note)] : []),
    ...validateDevices(spec['devices']),
  ];
}

function validatePool(pool: JsonObject): Cause[] {
  const name = optionalText(pool['name']);
  const [generation, slices] = [Number(pool['generation'] ?? 0), Number(pool['resourceSliceCount'] ?? 0)];
  return [
    ...(name.length > longestPool ? [tooLong('spec.pool.name', longestPool)] : []),
    ...(name
      ? name.split('/').flatMap((part) => checkFormat('spec.pool.name', part, dns1123Subdomain))
      : [required('spec.pool.name')]),
    ...(slices <= 0 ? [invalid('spec.pool.resourceSliceCount', slices, 'must be greater than zero')] : []),
    ...(generation < 0 ? [invalid('spec.pool.generation', generation, 'must be greater than or equal to zero')] : []),
  ];
}

function validateDevices(devices: unknown): Cause[] {
  const names = new Set<string>();
  return eachItem(devices, 'spec.devices', (device, field) => {
    const name = optionalText(device['name']);
    const causes = checkFormat(`${field}.name`, name, dns1123Label);
    for (const [key, value] of Object.entries(fieldsIn(device['attributes'])))
      causes.push(...validateAttribute(fieldsIn(value), at(`${field}.attributes`, key)));
    if (name && names.has(name)) causes.push(duplicate(field, name));
    names.add(name);
    return causes;
  });
}

function validateAttribute(attribute: JsonObject, field: string): Cause[] {
  const given = ['bool', 'int', 'string', 'version'].filter((kind) => attribute[kind] !== undefined);
  return given.length === 1 ? [] : [invalid(field, '', 'exactly one value must be specified')];
}
