import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, optionalText, record } from '../rules/set-default.ts';
import { invalid, required } from './cause.ts';
import { dns1035Label, dns1123Subdomain, portNumber } from './format.ts';
import { checkFormat } from './object-meta.ts';

const mostGroupPriority = 20_000;
const mostVersionPriority = 1000;

/** What is wrong with an APIService: its name is its group version, and only a remote one has certificates. */
export function validateApiService(object: ClusterObject): Cause[] {
  const spec = fieldsIn(object['spec']);
  const [group, version] = [optionalText(spec['group']), optionalText(spec['version'])];
  const wanted = `${version}.${group}`;
  const { name } = object.metadata;
  const service = record(spec['service']);
  return [
    ...(name !== undefined && name !== '' && name !== wanted
      ? [invalid('metadata.name', name, `must be \`spec.version+"."+spec.group\`: "${wanted}"`)]
      : []),
    ...validateGroup(group, version),
    ...checkFormat('spec.version', version, dns1035Label),
    ...validatePriority(spec, 'groupPriorityMinimum', mostGroupPriority),
    ...validatePriority(spec, 'versionPriority', mostVersionPriority),
    ...(service ? validateService(service) : validateLocal(spec)),
    ...validateTrust(spec, service),
  ];
}

function validateGroup(group: string, version: string): Cause[] {
  if (group) return checkFormat('spec.group', group, dns1123Subdomain);
  return version === 'v1'
    ? []
    : [required('spec.group', 'only v1 may have an empty group and it better be legacy kube')];
}

function validatePriority(spec: JsonObject, name: string, most: number): Cause[] {
  const value = Number(spec[name] ?? 0);
  return value > 0 && value <= most ? [] : [invalid(`spec.${name}`, value, `must be positive and less than ${most}`)];
}

function validateService(service: JsonObject): Cause[] {
  const { port = 443 } = service;
  return [
    ...(service['namespace'] ? [] : [required('spec.service.namespace')]),
    ...(service['name'] ? [] : [required('spec.service.name')]),
    ...portNumber(Number(port)).map((problem) => invalid('spec.service.port', port, `port is not valid: ${problem}`)),
  ];
}

function validateLocal(spec: JsonObject): Cause[] {
  const bytes = Buffer.from(optionalText(spec['caBundle']), 'base64').length;
  const note = 'local APIServices may not have';
  return [
    ...(bytes > 0 ? [invalid('spec.caBundle', `${bytes} bytes`, `${note} a caBundle`)] : []),
    ...(spec['insecureSkipTLSVerify'] === true
      ? [invalid('spec.insecureSkipTLSVerify', true, `${note} insecureSkipTLSVerify`)]
      : []),
  ];
}

function validateTrust(spec: JsonObject, service: JsonObject | undefined): Cause[] {
  const both = service && spec['caBundle'] && spec['insecureSkipTLSVerify'] === true;
  return both ? [invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present')] : [];
}
