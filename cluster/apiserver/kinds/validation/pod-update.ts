import { isDeepStrictEqual } from 'node:util';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { items, record } from '../rules/set-default.ts';
import { forbidden } from './cause.ts';

const note =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod is what it was created as: of its spec only images, tolerations and deadlines may change. */
export function validatePodUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const [after, before] = [record(next['spec']) ?? {}, record(old['spec']) ?? {}];
  const tolerations = items(after['tolerations']);
  const lost = items(before['tolerations']).some(
    (known) => !tolerations.some((other) => isDeepStrictEqual(known, other)),
  );
  const scheduled = before['nodeName'] === undefined && after['nodeName'] !== undefined;
  if (!lost && !scheduled && isDeepStrictEqual(fixed(after), fixed(before))) return [];
  return [forbidden('spec', note)];
}

function fixed(spec: JsonObject): JsonObject {
  const { tolerations: _tolerations, activeDeadlineSeconds: _deadline, schedulingGates: _gates, ...rest } = spec;
  const withoutImages = (list: unknown): JsonObject[] =>
    items(list).map(({ image: _image, ...container }) => container);
  return {
    ...rest,
    containers: withoutImages(spec['containers']),
    initContainers: withoutImages(spec['initContainers']),
  };
}
