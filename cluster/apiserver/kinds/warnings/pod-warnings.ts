import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { seccompOfContainer, seccompOfPod } from '../validation/seccomp-annotations.ts';
import { labelValue } from '../validation/format.ts';
import { warnOfAddress } from './address-warnings.ts';
import { warnOfContainers } from './container-warnings.ts';
import { deprecationOfLabel, warnOfSelectorTerm } from './deprecated-labels.ts';
import { warnOfVolume } from './volume-warnings.ts';

const noSelector = 'labelSelector: a null labelSelector results in matching no pod';
const whenPossible = 'preferredDuringSchedulingIgnoredDuringExecution';
const always = 'requiredDuringSchedulingIgnoredDuringExecution';

function warnOfNodes(spec: JsonObject, path: string): string[] {
  const selected = Object.keys(fieldsIn(spec['nodeSelector'])).flatMap((key) => {
    const advice = deprecationOfLabel(key);
    return advice ? [`${path}.nodeSelector[${key}]: ${advice}`] : [];
  });
  const affinity = record(fieldsIn(spec['affinity'])['nodeAffinity']);
  if (!affinity) return selected;
  const field = `${path}.affinity.nodeAffinity`;
  const required = items(fieldsIn(affinity[always])['nodeSelectorTerms']).flatMap((term, index) =>
    warnOfSelectorTerm(term, `${field}.${always}.nodeSelectorTerms[${index}]`),
  );
  const preferred = items(affinity[whenPossible]).flatMap(({ preference }, index) => {
    const at = `${field}.${whenPossible}[${index}].preference`;
    return [...warnOfSelectorTerm(preference, at), ...warnOfValues(preference, at)];
  });
  return [...selected, ...required, ...preferred];
}

/** Values that no label can have. */
function warnOfValues(preference: unknown, path: string): string[] {
  return items(fieldsIn(preference)['matchExpressions']).flatMap(({ values }, index) =>
    (Array.isArray(values) ? values : []).flatMap((value, at) =>
      labelValue(optionalText(value)).map(
        (problem) => `${path}.matchExpressions[${index}].values[${at}]: ${optionalText(value)} is invalid, ${problem}`,
      ),
    ),
  );
}

function warnOfSpread(spec: JsonObject, path: string): string[] {
  return items(spec['topologySpreadConstraints']).flatMap(({ topologyKey, labelSelector }, index) => {
    const field = `${path}.topologySpreadConstraints[${index}]`;
    const advice = deprecationOfLabel(topologyKey);
    return [
      ...(advice ? [`${field}.topologyKey: ${optionalText(topologyKey)} is ${advice}`] : []),
      ...(labelSelector === undefined ? [`${field}.${noSelector}`] : []),
    ];
  });
}

function warnOfNeighbours(spec: JsonObject, path: string): string[] {
  const { podAffinity, podAntiAffinity } = fieldsIn(spec['affinity']);
  return Object.entries({ podAffinity, podAntiAffinity }).flatMap(([kind, rules]) => {
    const field = `${path}.affinity.${kind}`;
    const required = items(fieldsIn(rules)[always]).flatMap(({ labelSelector }, index) =>
      labelSelector === undefined ? [`${field}.${always}[${index}].${noSelector}`] : [],
    );
    const preferred = items(fieldsIn(rules)[whenPossible]).flatMap(({ podAffinityTerm }, index) =>
      fieldsIn(podAffinityTerm)['labelSelector'] === undefined
        ? [`${field}.${whenPossible}[${index}].podAffinityTerm.${noSelector}`]
        : [],
    );
    return [...required, ...preferred];
  });
}

function warnOfAliases(spec: JsonObject, path: string): string[] {
  const known = new Set<string>();
  return items(spec['hostAliases']).flatMap(({ ip }, index) => {
    const address = optionalText(ip);
    if (known.has(address)) return [`${path}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(address)}`];
    known.add(address);
    return warnOfAddress(address, `${path}.hostAliases[${index}].ip`);
  });
}

function warnOfPullSecrets(spec: JsonObject, path: string): string[] {
  const names = items(spec['imagePullSecrets']).map(({ name }) => optionalText(name));
  const at = (index: number): string => `${path}.imagePullSecrets[${index}].name`;
  const repeated = names.flatMap((name, index) =>
    names.indexOf(name) < index ? [`${at(index)}: duplicate name ${JSON.stringify(name)}`] : [],
  );
  return [...repeated, ...names.flatMap((name, index) => (name === '' ? [`${at(index)}: invalid empty name ""`] : []))];
}

/** Warnings about what is in a pod, or in the template of one: `path` is that of its spec. */
export function warnOfPodSpec(spec: JsonObject, path: string): string[] {
  const containers = ['initContainers', 'containers'].flatMap((list) =>
    items(spec[list]).map((container, index) => ({ container, path: `${path}.${list}[${index}]` })),
  );
  const grace = Number(spec['terminationGracePeriodSeconds'] ?? 0);
  const negative = 'must be >= 0; negative values are invalid and will be treated as 1';
  return [
    ...warnOfNodes(spec, path),
    ...warnOfSpread(spec, path),
    ...texts(fieldsIn(spec['dnsConfig'])['nameservers']).flatMap((server, index) =>
      warnOfAddress(server, `${path}.dnsConfig.nameservers[${index}]`),
    ),
    ...warnOfAliases(spec, path),
    ...items(spec['volumes']).flatMap((volume, index) => warnOfVolume(volume, `${path}.volumes[${index}]`)),
    ...warnOfPullSecrets(spec, path),
    ...warnOfContainers(containers),
    ...(grace < 0 ? [`${path}.terminationGracePeriodSeconds: ${negative}`] : []),
    ...warnOfNeighbours(spec, path),
  ];
}

const appArmor = 'container.apparmor.security.beta.kubernetes.io/';

type Context = JsonObject | undefined;

/** Annotations that became fields, where the field does not say it. */
function warnOfAnnotations(annotations: JsonObject, spec: JsonObject, path: string): string[] {
  const containers = ['initContainers', 'containers'].flatMap((list) => items(spec[list]));
  const contextOf = (name: string): Context =>
    record(containers.find((container) => container['name'] === name)?.['securityContext']);
  const note = (key: string, text: string): string[] => [`${path}[${key}]: ${text}`];
  return Object.keys(annotations).flatMap((key) => {
    if (key === seccompOfPod) return record(spec['securityContext'])?.['seccompProfile'] ? [] : note(key, noSeccomp);
    if (key.startsWith(seccompOfContainer))
      return contextOf(key.slice(seccompOfContainer.length))?.['seccompProfile'] ? [] : note(key, noSeccomp);
    if (!key.startsWith(appArmor)) return [];
    return contextOf(key.slice(appArmor.length))?.['appArmorProfile'] ? [] : note(key, oldAppArmor);
  });
}

const noSeccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const oldAppArmor = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** Warnings about a pod of its own. */
export function warnOfPod(pod: ClusterObject): string[] {
  return [
    ...warnOfName(pod, "this is used in the Pod's hostname"),
    ...warnOfPodSpec(fieldsIn(pod['spec']), 'spec'),
    ...warnOfAnnotations(fieldsIn(pod.metadata.annotations), fieldsIn(pod['spec']), 'metadata.annotations'),
  ];
}

/** A name with dots, where a name becomes a host name. */
export function warnOfName({ metadata }: ClusterObject, use: string): string[] {
  if (!metadata.name?.includes('.')) return [];
  return [
    `metadata.name: ${use}, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]`,
  ];
}

/** Warnings about a kind that makes pods out of a template. */
export function warnOfTemplate(path: string): (object: ClusterObject) => string[] {
  const steps = path.split('.');
  return (object) => {
    const template = fieldsIn(steps.reduce<unknown>((value, step) => fieldsIn(value)[step], object));
    const spec = fieldsIn(template['spec']);
    const annotations = fieldsIn(fieldsIn(template['metadata'])['annotations']);
    return [
      ...warnOfPodSpec(spec, `${path}.spec`),
      ...warnOfAnnotations(annotations, spec, `${path}.metadata.annotations`),
    ];
  };
}
