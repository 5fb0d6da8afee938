import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record, textOf } from '../rules/set-default.ts';
import { at, forbidden, invalid, notSupported, required } from './cause.ts';
import { validateClaimSpec } from './storage.ts';
import { intOrPercent, nonNegative } from './number.ts';
import { validatePodTemplate } from './pod-spec.ts';
import { isEmptySelector, selects, validateSelector } from './selector.ts';

const specOf = (object: ClusterObject): JsonObject => record(object['spec']) ?? {};

interface SelectorRules {
  /** `deployment` in "empty selector is invalid for deployment". */
  readonly name: string;
  /** Deployment says so once more for the whole selector. */
  readonly repeats?: boolean;
  readonly mayBeAbsent?: boolean;
}

function validateOwnSelector(selector: unknown, { name, repeats, mayBeAbsent }: SelectorRules): Cause[] {
  if (selector === undefined || selector === null) return mayBeAbsent ? [] : [required('spec.selector')];
  const causes = validateSelector(selector, 'spec.selector');
  if (isEmptySelector(selector))
    return [...causes, invalid('spec.selector', selector, `empty selector is invalid for ${name}`)];
  return causes.length > 0 && repeats
    ? [...causes, invalid('spec.selector', selector, 'invalid label selector')]
    : causes;
}

function templateLabels(spec: JsonObject): JsonObject | undefined {
  return record(record(record(spec['template'])?.['metadata'])?.['labels']);
}

function validateTemplateMatches(spec: JsonObject, selector: unknown): Cause[] {
  const labels = templateLabels(spec);
  if (isEmptySelector(selector) && record(selector)) return [];
  if (validateSelector(selector, '').length > 0 || selects(selector, labels ?? {})) return [];
  return [invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`')];
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
    ...nonNegative('spec.progressDeadlineSeconds', spec['progressDeadlineSeconds']),
    ...validateOwnSelector(spec['selector'], { name: 'deployment', repeats: true }),
    ...validateStrategy(strategy, rolling),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateAlwaysTemplate(spec),
  ];
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
    ...validateOwnSelector(spec['selector'], { name: 'deployment', repeats: true }),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateAlwaysTemplate(spec),
  ];
}

export function validateReplicationController(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  const selector = record(spec['selector']) ?? {};
  const labels = templateLabels(spec) ?? {};
  const matches = Object.entries(selector).every(([key, value]) => labels[key] === value);
  return [
    ...nonNegative('spec.replicas', spec['replicas']),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...(Object.keys(selector).length === 0 ? [required('spec.selector')] : []),
    ...(record(spec['template']) ? [] : [required('spec.template')]),
    ...(record(spec['template']) && !matches
      ? [invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]
      : []),
    ...(record(spec['template']) ? validateAlwaysTemplate(spec) : []),
  ];
}

const podManagement = ['OrderedReady', 'Parallel'];

export function validateStatefulSet(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  const policy = spec['podManagementPolicy'];
  const update = record(spec['updateStrategy']) ?? {};
  return [
    ...(podManagement.includes(textOf(policy))
      ? []
      : [invalid('spec.podManagementPolicy', policy, `must be '${podManagement.join("' or '")}'`)]),
    ...(['RollingUpdate', 'OnDelete'].includes(textOf(update['type']))
      ? []
      : [invalid('spec.updateStrategy', update, "must be 'RollingUpdate' or 'OnDelete'")]),
    ...nonNegative('spec.replicas', spec['replicas']),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...validateOwnSelector(spec['selector'], { name: 'statefulset' }),
    ...validateTemplateMatches(spec, spec['selector']),
    ...items(spec['volumeClaimTemplates']).flatMap((claim, index) =>
      validateClaimSpec(record(claim['spec']) ?? {}, `${at('spec.volumeClaimTemplates', index)}.spec`),
    ),
    ...validateAlwaysTemplate(spec),
  ];
}

export function validateDaemonSet(object: ClusterObject): Cause[] {
  const spec = specOf(object);
  const update = record(spec['updateStrategy']) ?? {};
  return [
    ...validateOwnSelector(spec['selector'], { name: 'daemonset', mayBeAbsent: true }),
    ...validateTemplateMatches(spec, spec['selector']),
    ...validateAlwaysTemplate(spec),
    ...nonNegative('spec.minReadySeconds', spec['minReadySeconds']),
    ...(['RollingUpdate', 'OnDelete'].includes(textOf(update['type']))
      ? []
      : [notSupported('spec.updateStrategy.type', update['type'], ['OnDelete', 'RollingUpdate'])]),
  ];
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
