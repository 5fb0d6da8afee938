import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { sentEmpty } from '../../codec/sent-empty.ts';
import { items, optionalText, record, textOf } from '../rules/set-default.ts';
import { at, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateChoice } from './choice.ts';
import { dns1123Label } from './format.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { intOrPercent, nonNegative } from './number.ts';
import { checkFormat } from './object-meta.ts';
import { validatePodTemplate, validateTemplateMetadata } from './pod-spec.ts';
import { isEmptySelector, selects, shownSelector, validateSelector } from './selector.ts';

const specOf = (object: ClusterObject): JsonObject => record(object['spec']) ?? {};

interface SelectorRules {
  /** `deployment` in "empty selector is invalid for deployment". */
  readonly name: string;
  /** What is said once more of the whole of a wrong selector; undefined for nothing. */
  readonly repeats?: string;
  readonly mayBeAbsent?: boolean;
}

function validateOwnSelector(selector: unknown, { name, repeats, mayBeAbsent }: SelectorRules): Cause[] {
  if (selector === undefined || selector === null) return mayBeAbsent ? [] : [required('spec.selector')];
  const causes = validateSelector(selector, 'spec.selector');
  const shown = shownSelector(selector);
  if (isEmptySelector(selector))
    return [...causes, invalid('spec.selector', shown, `empty selector is invalid for ${name}`)];
  return causes.length > 0 && repeats !== undefined ? [...causes, invalid('spec.selector', shown, repeats)] : causes;
}

/** The labels of the template: undefined when it has none, with what messages show of them. */
function templateLabels(spec: JsonObject): { labels: JsonObject; shown: unknown } {
  const metadata = record(record(spec['template'])?.['metadata']);
  const labels = record(metadata?.['labels']);
  return { labels: labels ?? {}, shown: labels ?? sentEmpty(metadata, 'labels') ?? null };
}

function validateTemplateMatches(spec: JsonObject, selector: unknown): Cause[] {
  const { labels, shown } = templateLabels(spec);
  if (isEmptySelector(selector) && record(selector)) return [];
  if (validateSelector(selector, '').length > 0 || selects(selector, labels)) return [];
  return [invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`')];
}

/** Templates of controllers that never let a pod end. */
function validateAlwaysTemplate(spec: JsonObject): Cause[] {
  const policy = record(record(spec['template'])?.['spec'])?.['restartPolicy'] ?? 'Always';
  const causes = validatePodTemplate(withPolicy(spec['template']), 'spec.template');
  return policy === 'Always'
    ? causes
    : [...causes, notSupported('spec.template.spec.restartPolicy', policy, ['Always'])];
}

/** An absent template is wrong for its containers, not for the default it had no chance to get. */
export function withPolicy(template: unknown): JsonObject {
  const known = record(template) ?? {};
  return { ...known, spec: { restartPolicy: 'Always', ...(record(known['spec']) ?? {}) } };
}

export function validateDeployment(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  const strategy = record(spec['strategy']) ?? {};
  const rolling = record(strategy['rollingUpdate']);
  return [
    ...nonNegative('spec.replicas', spec['replicas']),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...nonNegative('spec.revisionHistoryLimit', spec['revisionHistoryLimit']),
    ...validateDeadline(spec),
    ...validateOwnSelector(spec['selector'], { name: 'deployment', repeats: 'invalid label selector' }),
    ...validateStrategy(strategy, rolling),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateAlwaysTemplate(spec),
  ];
}

/** A rollout that fails before its first pod can be available would never succeed. */
function validateDeadline(spec: JsonObject): Cause[] {
  const [deadline, ready] = [spec['progressDeadlineSeconds'], Number(spec['minReadySeconds'] ?? 0)];
  const field = 'spec.progressDeadlineSeconds';
  const causes = nonNegative(field, deadline);
  if (deadline === undefined || Number(deadline) > ready) return causes;
  return [...causes, invalid(field, deadline, 'must be greater than minReadySeconds')];
}

function validateStrategy(strategy: JsonObject, rolling: JsonObject | undefined): Cause[] {
  if (strategy['type'] === 'Recreate') {
    return rolling
      ? [forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  }
  if (strategy['type'] !== 'RollingUpdate') {
    const shown = {
      Type: strategy['type'],
      RollingUpdate: rolling ? { MaxUnavailable: rolling['maxUnavailable'], MaxSurge: rolling['maxSurge'] } : null,
    };
    return [notSupported('spec.strategy', shown, ['Recreate', 'RollingUpdate'])];
  }
  const causes = ['maxUnavailable', 'maxSurge'].flatMap((name) =>
    intOrPercent(`spec.strategy.rollingUpdate.${name}`, rolling?.[name]),
  );
  const isZero = (value: unknown): boolean => value === 0 || value === '0%';
  if (isZero(rolling?.['maxUnavailable']) && isZero(rolling?.['maxSurge'])) {
    causes.push(
      invalid(
        'spec.strategy.rollingUpdate.maxUnavailable',
        rolling?.['maxUnavailable'],
        'may not be 0 when `maxSurge` is 0',
      ),
    );
  }
  return causes;
}

export function validateReplicaSet(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  return [
    ...nonNegative('spec.replicas', spec['replicas']),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...validateOwnSelector(spec['selector'], { name: 'deployment', repeats: 'invalid label selector' }),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateAlwaysTemplate(spec),
  ];
}

export function validateReplicationController(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  const selector = record(spec['selector']) ?? {};
  const { labels, shown } = templateLabels(spec);
  const matches = Object.entries(selector).every(([key, value]) => labels[key] === value);
  return [
    ...nonNegative('spec.replicas', spec['replicas']),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...(Object.keys(selector).length === 0 ? [required('spec.selector')] : []),
    ...(record(spec['template']) ? [] : [required('spec.template')]),
    ...(record(spec['template']) && !matches
      ? [invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`')]
      : []),
    ...(record(spec['template']) ? validateAlwaysTemplate(spec) : []),
  ];
}

const podManagement = ['OrderedReady', 'Parallel'];

export function validateStatefulSet(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  const policy = spec['podManagementPolicy'];
  const retention = record(spec['persistentVolumeClaimRetentionPolicy']) ?? {};
  const kept = { field: 'spec.persistentVolumeClaimRetentionPolicy', supported: ['Retain', 'Delete'] };
  return [
    ...(podManagement.includes(textOf(policy))
      ? []
      : [invalid('spec.podManagementPolicy', policy, `must be '${podManagement.join("' or '")}'`)]),
    ...validateSetStrategy(record(spec['updateStrategy']) ?? {}),
    ...validateChoice(retention, 'whenDeleted', kept),
    ...validateChoice(retention, 'whenScaled', kept),
    ...nonNegative('spec.replicas', spec['replicas']),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...nonNegative('spec.ordinals.start', record(spec['ordinals'])?.['start']),
    ...(spec['serviceName'] ? checkFormat('spec.serviceName', textOf(spec['serviceName']), dns1123Label) : []),
    ...validateOwnSelector(spec['selector'], { name: 'statefulset', repeats: '' }),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateTemplateMetadata(record(spec['template']) ?? {}, 'spec.template'),
    ...validateAlwaysTemplate({ ...spec, template: withClaims(spec) }),
    ...items(spec['volumeClaimTemplates']).flatMap((claim, index) =>
      validateClaimSpec(record(claim['spec']) ?? {}, `${at('spec.volumeClaimTemplates', index)}.spec`),
    ),
  ];
}

/** The template as its pods will be: with a volume for each claim of the set, in place of one of the same name. */
function withClaims(spec: JsonObject): JsonObject {
  const template = record(spec['template']) ?? {};
  const pod = record(template['spec']) ?? {};
  const names = items(spec['volumeClaimTemplates']).map((claim) => optionalText(record(claim['metadata'])?.['name']));
  const claims = [...new Set(names)].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = items(pod['volumes']).filter(({ name }) => !names.includes(optionalText(name)));
  return { ...template, spec: { ...pod, volumes: [...claims, ...others] } };
}

function validateSetStrategy(update: JsonObject): Cause[] {
  const rolling = record(update['rollingUpdate']);
  const field = 'spec.updateStrategy';
  switch (update['type']) {
    case 'RollingUpdate':
      return nonNegative(`${field}.rollingUpdate.partition`, rolling?.['partition']);
    case 'OnDelete': {
      const note = "only allowed for updateStrategy 'RollingUpdate'";
      return rolling ? [invalid(`${field}.rollingUpdate`, goRolling(rolling), note)] : [];
    }
    case '':
    case undefined:
      return [required(field)];
    default: {
      const shown = { Type: update['type'], RollingUpdate: rolling ? goRolling(rolling) : null };
      return [invalid(field, shown, "must be 'RollingUpdate' or 'OnDelete'")];
    }
  }
}

function goRolling({ partition = 0, maxUnavailable = null }: JsonObject): object {
  return { Partition: partition, MaxUnavailable: maxUnavailable };
}

export function validateDaemonSet(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  return [
    ...validateOwnSelector(spec['selector'], { name: 'daemonset', mayBeAbsent: true }),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateAlwaysTemplate(spec),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...validateDaemonStrategy(record(spec['updateStrategy']) ?? {}),
    ...nonNegative('spec.revisionHistoryLimit', spec['revisionHistoryLimit']),
  ];
}

function validateDaemonStrategy(update: JsonObject): Cause[] {
  const rolling = record(update['rollingUpdate']);
  if (update['type'] === 'OnDelete') return [];
  if (update['type'] === 'RollingUpdate')
    return validateRolling(rolling?.['maxUnavailable'], rolling?.['maxSurge'], 'spec.updateStrategy.rollingUpdate');
  const shown = {
    Type: update['type'] ?? '',
    RollingUpdate: rolling ? { MaxUnavailable: rolling['maxUnavailable'], MaxSurge: rolling['maxSurge'] } : null,
  };
  return [notSupported('spec.updateStrategy', shown, ['RollingUpdate', 'OnDelete'])];
}

/** The pods of a daemon set are replaced on a node either after the old one has gone, or before. */
function validateRolling(away: unknown, extra: unknown, field: string): Cause[] {
  const causes = [...intOrPercent(`${field}.maxUnavailable`, away), ...intOrPercent(`${field}.maxSurge`, extra)];
  const [hasAway, hasExtra] = [amountOf(away) !== 0, amountOf(extra) !== 0];
  if (hasAway && hasExtra)
    causes.push(invalid(`${field}.maxSurge`, extra, 'may not be set when maxUnavailable is non-zero'));
  if (!hasAway && !hasExtra) causes.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return causes;
}

/** A count, or the number in a percentage; 0 for what is neither. */
function amountOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return Number(/^(\d+)%$/.exec(optionalText(value))?.[1] ?? 0);
}

/** The selector of apps kinds is for ever. */
export function validateSelectorUnchanged(next: ClusterObject, old: ClusterObject): Cause[] {
  const selector = specOf(next)['selector'];
  return isDeepStrictEqual(selector, specOf(old)['selector'])
    ? []
    : [invalid('spec.selector', selector, 'field is immutable')];
}

const mutableOfStatefulSet = [
  'minReadySeconds',
  'ordinals',
  'persistentVolumeClaimRetentionPolicy',
  'replicas',
  'revisionHistoryLimit',
  'template',
  'updateStrategy',
];

export function validateStatefulSetUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const rest = (spec: JsonObject): unknown =>
    Object.fromEntries(Object.entries(spec).filter(([field]) => !mutableOfStatefulSet.includes(field)));
  if (isDeepStrictEqual(rest(specOf(next)), rest(specOf(old)))) return [];
  return [
    forbidden(
      'spec',
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}
