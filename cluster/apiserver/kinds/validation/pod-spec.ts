import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { validateAffinity } from './affinity.ts';
import { duplicate, eachItem, eachText, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { validateContainers, validateHostPorts } from './container.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName, searchDomain } from './format.ts';
import { validateAddress } from './address.ts';
import { checkFormat, validateAnnotations, validateLabels } from './object-meta.ts';
import { validateSeccompAnnotations, validateSeccompMatch } from './seccomp-annotations.ts';
import { validatePodSecurity } from './security-context.ts';
import { validateSpread } from './spread.ts';
import { validateTolerations } from './toleration.ts';
import { soundVolumes, validateVolumes } from './volume.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const defaultGraceSeconds = 30;
const maxInt32 = 2_147_483_647;

/** What is wrong with a pod. */
export function validatePod(pod: ClusterObject): Cause[] {
  const spec = record(pod['spec']) ?? {};
  const annotations = fieldsIn(pod.metadata.annotations);
  return [
    ...validateSeccompAnnotations(annotations, 'metadata.annotations'),
    ...validatePodSpec(spec, 'spec', pod.metadata.name || undefined),
    ...validateSeccompMatch(annotations, spec, 'spec'),
  ];
}

/** What is wrong with the spec of a pod, in a pod or, without a name, in a template. */
export function validatePodSpec(spec: JsonObject, field: string, podName?: string): Cause[] {
  const volumes = items(spec['volumes']);
  const grace = Number(spec['terminationGracePeriodSeconds'] ?? defaultGraceSeconds);
  const pod = { volumes: soundVolumes(volumes), grace: { seconds: grace } };
  const [containers, initial] = [items(spec['containers']), items(spec['initContainers'])];
  return [
    ...validateVolumes({ list: volumes, podName }, `${field}.volumes`),
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...validateContainers(containers, `${field}.containers`, pod),
    ...validateHostPorts(containers, `${field}.containers`),
    ...validateContainers(initial, `${field}.initContainers`, pod),
    ...validateSharedNames(containers, initial, `${field}.initContainers`),
    ...validatePolicies(spec, field),
    ...validateLabels(record(spec['nodeSelector']) as Record<string, string> | undefined, `${field}.nodeSelector`), // texts by schema
    ...validatePodSecurity(record(spec['securityContext']), `${field}.securityContext`),
    ...validateNames(spec, field),
    ...validateAffinity(record(spec['affinity']), `${field}.affinity`),
    ...validateDns(record(spec['dnsConfig']), spec['dnsPolicy'], `${field}.dnsConfig`),
    ...validateGates(spec, field),
    ...eachItem(spec['hostAliases'], `${field}.hostAliases`, validateHostAlias),
    ...validateTolerations(spec['tolerations'], `${field}.tolerations`),
    ...validateSpread(spec['topologySpreadConstraints'], `${field}.topologySpreadConstraints`),
    ...validateOs(record(spec['os']), `${field}.os`),
  ];
}

/** A name stands for one container, wherever it is listed. */
function validateSharedNames(
  containers: readonly JsonObject[],
  initial: readonly JsonObject[],
  field: string,
): Cause[] {
  const names = new Set(containers.map(({ name }) => optionalText(name)));
  return eachItem(initial, field, ({ name }, path) =>
    name && names.has(optionalText(name)) ? [duplicate(`${path}.name`, name)] : [],
  );
}

function validatePolicies(spec: JsonObject, field: string): Cause[] {
  const { restartPolicy, activeDeadlineSeconds: deadline } = spec;
  const note = `must be between 1 and ${maxInt32}, inclusive`;
  const badDeadline = typeof deadline === 'number' && (deadline < 1 || deadline > maxInt32);
  return [
    ...(restartPolicies.includes(optionalText(restartPolicy))
      ? []
      : [notSupported(`${field}.restartPolicy`, restartPolicy, restartPolicies)]),
    ...validateChoice(spec, 'dnsPolicy', {
      field,
      supported: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
    }),
    ...(badDeadline ? [invalid(`${field}.activeDeadlineSeconds`, deadline, note)] : []),
    ...validateChoice(spec, 'preemptionPolicy', { field, supported: ['Never', 'PreemptLowerPriority'] }),
  ];
}

function validateNames(spec: JsonObject, field: string): Cause[] {
  const check = (name: string, format: typeof dns1123Label): Cause[] =>
    spec[name] ? checkFormat(`${field}.${name}`, optionalText(spec[name]), format) : [];
  return [
    ...check('serviceAccountName', dns1123Subdomain),
    ...check('nodeName', dns1123Subdomain),
    ...check('hostname', dns1123Label),
    ...check('subdomain', dns1123Label),
    ...check('priorityClassName', dns1123Subdomain),
    ...check('runtimeClassName', dns1123Subdomain),
  ];
}

const mostNameservers = 3;
const mostSearchDomains = 32;

function validateDns(config: JsonObject | undefined, policy: unknown, field: string): Cause[] {
  const servers = texts(config?.['nameservers']);
  const causes: Cause[] = [];
  if (policy === 'None' && !config) {
    return [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  }
  const path = `${field}.nameservers`;
  if (policy === 'None' && servers.length === 0)
    causes.push(required(path, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
  if (servers.length > mostNameservers)
    causes.push(invalid(path, servers, `must not have more than ${mostNameservers} nameservers`));
  const searches = texts(config?.['searches']);
  if (searches.length > mostSearchDomains)
    causes.push(invalid(`${field}.searches`, searches, `must not have more than ${mostSearchDomains} search paths`));
  return [
    ...causes,
    ...eachText(servers, path, validateAddress),
    ...eachText(searches, `${field}.searches`, (domain, at_) =>
      checkFormat(at_, domain.replace(/\.$/, ''), searchDomain),
    ),
    ...eachItem(config?.['options'], `${field}.options`, ({ name }, at_) =>
      name ? [] : [required(at_, 'must not be empty')],
    ),
  ];
}

function validateGates(spec: JsonObject, field: string): Cause[] {
  const names = new Set<string>();
  return [
    ...eachItem(spec['readinessGates'], `${field}.readinessGates`, ({ conditionType }, path) =>
      checkFormat(`${path}.conditionType`, optionalText(conditionType), qualifiedName),
    ),
    ...eachItem(spec['schedulingGates'], `${field}.schedulingGates`, ({ name }, path) => {
      const text = optionalText(name);
      const causes = checkFormat(path, text, qualifiedName);
      if (names.has(text)) causes.push(duplicate(path, text));
      names.add(text);
      return causes;
    }),
  ];
}

function validateHostAlias(alias: JsonObject, field: string): Cause[] {
  const ip = optionalText(alias['ip']);
  return [
    ...validateAddress(ip, `${field}.ip`),
    ...eachText(alias['hostnames'], `${field}.hostnames`, (name, path) => checkFormat(path, name, dns1123Subdomain)),
  ];
}

function validateOs(os: JsonObject | undefined, field: string): Cause[] {
  if (!os) return [];
  const name = optionalText(os['name']);
  if (!name) return [required(`${field}.name`)];
  return name === 'linux' || name === 'windows' ? [] : [notSupported(field, name, ['linux', 'windows'])];
}

/** What is wrong with `{metadata, spec}` as controllers hold it. */
export function validatePodTemplate(value: unknown, field: string): Cause[] {
  const template = record(value) ?? {};
  const annotations = fieldsIn(fieldsIn(template['metadata'])['annotations']);
  const spec = record(template['spec']) ?? {};
  return [
    ...validateTemplateMetadata(template, field),
    ...validateSeccompAnnotations(annotations, `${field}.annotations`),
    ...validatePodSpec(spec, `${field}.spec`),
    ...validateSeccompMatch(annotations, spec, `${field}.spec`),
  ];
}

/** Labels and annotations of a template. */
export function validateTemplateMetadata(template: JsonObject, field: string): Cause[] {
  const metadata = record(template['metadata']) ?? {};
  return [
    ...validateLabels(metadata['labels'] as Record<string, string> | undefined, `${field}.labels`), // texts by schema
    ...validateAnnotations(metadata['annotations'] as Record<string, string> | undefined, `${field}.annotations`), // as above
  ];
}
