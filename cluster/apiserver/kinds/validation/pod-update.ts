import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { sentEmpty } from '../../codec/sent-empty.ts';
import { fieldsIn, items, optionalText, record } from '../rules/set-default.ts';
import { at, forbidden, invalid, required } from './cause.ts';
import { validateTolerations as validateEachToleration } from './toleration.ts';

const note =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod is what it was created as: of its spec only images, tolerations and deadlines may change. */
export function validatePodUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [fieldsIn(next['spec']), fieldsIn(old['spec'])];
  const resized = [...validateCount(after, before, 'containers'), ...validateCount(after, before, 'initContainers')];
  if (resized.length > 0) return resized;
  const causes = [
    ...validateImages(after),
    ...validateDeadline(after['activeDeadlineSeconds'], before['activeDeadlineSeconds']),
    ...validateTolerations(items(after['tolerations']), items(before['tolerations'])),
    ...validateGates(items(after['schedulingGates']), items(before['schedulingGates'])),
    ...(items(before['schedulingGates']).length > 0 ? validateNarrowed(after, before) : []),
  ];
  const scheduled = before['nodeName'] === undefined && after['nodeName'] !== undefined;
  if (!scheduled && isDeepStrictEqual(fixed(after, before), fixed(before, before))) return causes;
  return [...causes, forbidden('spec', note)];
}

function validateCount(after: JsonObject, before: JsonObject, name: string): Cause[] {
  const same = items(after[name]).length === items(before[name]).length;
  return same ? [] : [forbidden(`spec.${name}`, 'pod updates may not add or remove containers')];
}

/** What may change is looked at once more by the real server, and so are mistakes in it. */
function validateImages(spec: JsonObject): Cause[] {
  return ['containers', 'initContainers'].flatMap((list) =>
    items(spec[list]).flatMap(({ image }, index) => (image ? [] : [required(`${at(`spec.${list}`, index)}.image`)])),
  );
}

/** A deadline may come nearer, but never go. */
function validateDeadline(after: unknown, before: unknown): Cause[] {
  const field = 'spec.activeDeadlineSeconds';
  if (before === undefined || after === before) return [];
  if (after === undefined) return [invalid(field, null, 'must not update from a positive integer to nil value')];
  return Number(after) > Number(before) ? [invalid(field, after, 'must be less than or equal to previous value')] : [];
}

function withoutSeconds({ tolerationSeconds: _seconds, ...toleration }: JsonObject): JsonObject {
  return toleration;
}

function validateTolerations(after: JsonObject[], before: readonly JsonObject[]): Cause[] {
  const kept = before.every((known) =>
    after.some((other) => isDeepStrictEqual(withoutSeconds(other), withoutSeconds(known))),
  );
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  return kept ? validateEachToleration(after, 'spec.tolerations') : [forbidden('spec.tolerations', why)];
}

/** Gates open one by one; none is put up later. */
function validateGates(after: readonly JsonObject[], before: readonly JsonObject[]): Cause[] {
  const known = new Set(before.map(({ name }) => optionalText(name)));
  return after.flatMap(({ name }, index) => {
    const text = optionalText(name);
    const why = `only deletion is allowed, but found new scheduling gate '${text}'`;
    return known.has(text) ? [] : [forbidden(`${at('spec.schedulingGates', index)}.name`, why)];
  });
}

/** What a gated pod wants of its node stays wanted. */
function validateNarrowed(after: JsonObject, before: JsonObject): Cause[] {
  const wanted = fieldsIn(after['nodeSelector']);
  const kept = Object.entries(fieldsIn(before['nodeSelector'])).every(([label, value]) => wanted[label] === value);
  const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  const shown = after['nodeSelector'] ?? sentEmpty(after, 'nodeSelector') ?? null;
  return kept ? [] : [invalid('spec.nodeSelector', shown, why)];
}

/** While a pod has gates, its wishes about nodes may still be narrowed. */
const gated = ['nodeSelector', 'affinity'];

function fixed(spec: JsonObject, before: JsonObject): JsonObject {
  const { tolerations: _t, activeDeadlineSeconds: _d, schedulingGates: _g, serviceAccount: _s, ...rest } = spec;
  const withoutImages = (list: unknown): JsonObject[] =>
    items(list).map(({ image: _image, ...container }) => container);
  const hasGates = items(before['schedulingGates']).length > 0;
  const kept = Object.entries(rest).filter(([field]) => !hasGates || !gated.includes(field));
  const grace = Number(record(before)?.['terminationGracePeriodSeconds'] ?? 0);
  return {
    ...Object.fromEntries(kept),
    ...(grace < 0 && { terminationGracePeriodSeconds: 1 }),
    containers: withoutImages(spec['containers']),
    initContainers: withoutImages(spec['initContainers']),
  };
}
