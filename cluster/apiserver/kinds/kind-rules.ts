import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { Json, Schema } from '../schema/schema.ts';
import { cloneJson } from '../schema/clone-json.ts';
import { sameJson } from '../schema/same-json.ts';
import { completeZeroValues } from '../schema/zero-values.ts';
import { textOf } from './rules/set-default.ts';
import type { Strategy, StrategyContext } from './kind-info.ts';
import { dns1123Subdomain, type Format } from './validation/format.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './validation/object-meta.ts';

/** What one kind does differently from all others. Whatever is left out has the usual behaviour. */
export interface KindRules {
  /** Default: a DNS subdomain. */
  readonly name?: Format;
  readonly generation?: boolean;
  /** Annotations count as content does. */
  readonly annotationsCount?: boolean;
  /** `never`: the generation stays that of the start; `only`: there is none before the first change. Default: both. */
  readonly countsChanges?: 'never' | 'only';
  readonly allowCreateOnUpdate?: boolean;
  /** Default true. */
  readonly allowUnconditionalUpdate?: boolean;
  readonly gracefulDelete?: boolean;
  /** Who creates the object may say at once how it is, as nodes do that register themselves. Default false. */
  readonly statusOnCreate?: boolean;
  defaults?(object: ClusterObject): void;
  prepareForCreate?(object: ClusterObject, context: StrategyContext): void;
  prepareForUpdate?(next: ClusterObject, old: ClusterObject, context: StrategyContext): void;
  prepareForStatusUpdate?(next: ClusterObject, old: ClusterObject): void;
  validate?(object: ClusterObject): Cause[];
  validateUpdate?(next: ClusterObject, old: ClusterObject): Cause[];
  /** Whether what an update may not do is said after what is wrong with the object as such (default), before it, or alone. */
  readonly changeIsChecked?: 'last' | 'first' | 'only';
  validateStatus?(next: ClusterObject, old: ClusterObject): Cause[];
  warnings?(object: ClusterObject): string[];
  /** Which updates are warned of as well. Default: those that change more than metadata and status. */
  readonly warnsOnUpdate?: 'always' | 'changed' | 'never' | ((next: ClusterObject, old: ClusterObject) => boolean);
  /** Where the real server checks an updated object, or its metadata, twice, and lists every mistake as often. */
  readonly checkedTwice?: boolean | 'metadata';
  /** Beyond metadata.name and metadata.namespace. */
  readonly fieldLabels?: Readonly<Record<string, (object: ClusterObject) => unknown>>;
}

/** The strategy of a built-in kind: the usual behaviour with `rules` on top. */
export function strategyOf(
  rules: KindRules,
  facts: { schema: Schema; hasStatus: boolean; namespaced: boolean },
): Strategy {
  const { schema, hasStatus, namespaced } = facts;
  const name = rules.name ?? dns1123Subdomain;
  const complete = (object: ClusterObject): void => completeZeroValues(schema, object);
  const labels = rules.fieldLabels ?? {};
  const validateAgain = (object: ClusterObject): Cause[] => [
    ...validateObjectMeta(object, name),
    ...(rules.checkedTwice === 'metadata' ? [] : (rules.validate?.(object) ?? [])),
  ];
  return {
    hasStatus,
    hasGeneration: rules.generation ?? false,
    allowUnconditionalUpdate: rules.allowUnconditionalUpdate ?? true,
    allowCreateOnUpdate: rules.allowCreateOnUpdate ?? false,
    gracefulDelete: rules.gracefulDelete ?? false,
    defaults(object) {
      rules.defaults?.(object);
      complete(object);
    },
    prepareForCreate(object, context) {
      if (hasStatus && !rules.statusOnCreate) delete object['status'];
      rules.prepareForCreate?.(object, context);
      if (rules.countsChanges === 'only') delete object.metadata.generation;
      complete(object);
    },
    prepareForUpdate(next, old, context) {
      if (hasStatus) restore(next, old, 'status');
      rules.prepareForUpdate?.(next, old, context);
      complete(next);
    },
    prepareForStatusUpdate(next, old) {
      for (const field of new Set([...Object.keys(next), ...Object.keys(old)])) {
        if (!['status', 'metadata', 'apiVersion', 'kind'].includes(field)) restore(next, old, field);
      }
      rules.prepareForStatusUpdate?.(next, old);
      complete(next);
    },
    changesGeneration: (next, old) =>
      (rules.generation ?? false) && rules.countsChanges !== 'never' && !isSame(rules, next, old),
    validate: (object) => [...validateObjectMeta(object, name), ...(rules.validate?.(object) ?? [])],
    validateUpdate: (next, old) => [
      ...validateObjectMetaUpdate(next, old, name),
      ...(rules.checkedTwice ? validateAgain(next) : []),
      ...validateChange(rules, next, old),
    ],
    validateStatusUpdate: (next, old) => [
      ...validateObjectMetaUpdate(next, old, name),
      ...(rules.validateStatus?.(next, old) ?? []),
    ],
    warnings: (object, old) => (old && !isWarnedOf(rules, object, old) ? [] : (rules.warnings?.(object) ?? [])),
    fieldLabels: (object) => fieldLabelsOf(object, labels, namespaced),
    fieldLabelNames: ['metadata.name', ...(namespaced ? ['metadata.namespace'] : []), ...Object.keys(labels)],
  };
}

/** What is wrong with the object as such, and with how it has changed. */
function validateChange(rules: KindRules, next: ClusterObject, old: ClusterObject): Cause[] {
  const own = rules.validate?.(next) ?? [];
  const change = rules.validateUpdate?.(next, old) ?? [];
  const both = { only: change, first: [...change, ...own], last: [...own, ...change] };
  return both[rules.changeIsChecked ?? 'last'];
}

function isSame({ annotationsCount = false }: KindRules, next: ClusterObject, old: ClusterObject): boolean {
  const [annotations, before] = [next.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  return sameContent(next, old) && (!annotationsCount || sameJson(annotations, before));
}

function isWarnedOf(rules: KindRules, next: ClusterObject, old: ClusterObject): boolean {
  const { warnsOnUpdate } = rules;
  if (!rules.warnings || warnsOnUpdate === 'never') return false;
  if (typeof warnsOnUpdate === 'function') return warnsOnUpdate(next, old);
  return warnsOnUpdate === 'always' || !sameContent(next, old);
}

function restore(next: ClusterObject, old: ClusterObject, field: string): void {
  if (next[field] === old[field]) return; // the very same value, unless both have none
  if (old[field] === undefined) delete next[field];
  else next[field] = cloneJson<unknown>(old[field]);
}

/** True when nothing but metadata and status differs. */
export function sameContent(next: ClusterObject, old: ClusterObject): boolean {
  const rest = ({ metadata: _metadata, status: _status, ...content }: ClusterObject): Json => content;
  return sameJson(rest(next), rest(old));
}

function fieldLabelsOf(
  object: ClusterObject,
  labels: NonNullable<KindRules['fieldLabels']>,
  namespaced: boolean,
): Record<string, string> {
  const result: Record<string, string> = { 'metadata.name': object.metadata.name };
  if (namespaced) result['metadata.namespace'] = object.metadata.namespace ?? '';
  for (const [label, value] of Object.entries(labels)) result[label] = textOf(value(object) ?? '');
  return result;
}
