import { ApiError, timestamp } from '@kit/base';
import type { Status } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import { noSuchResource } from '../store/api-errors.ts';
import { createObject, trackCreate } from '../store/create-object.ts';
import { settleFields } from '../store/settle-fields.ts';
import { updateObject } from '../store/update-object.ts';
import type { Target, WriteContext } from '../store/write-request.ts';
import { bindPod } from './bind-pod.ts';
import { evictPod } from './evict-pod.ts';
import { finalizeNamespace } from './finalize-namespace.ts';
import { patched, patchObject } from './patch-object.ts';
import type { Patch } from './patch-object.ts';
import { replaceObject } from './replace-object.ts';
import { requestToken } from './request-token.ts';
import { answerReview, reviewKinds } from './review-kinds.ts';
import { updateScale } from './scale.ts';

/** The answer to a write: the object as it is now, or a Status. */
export interface WriteAnswer {
  readonly status: 200 | 201;
  readonly body: ClusterObject | Status;
}

interface WriteRequest {
  readonly object: ClusterObject;
  readonly context: WriteContext;
}

/** POST to a collection. Kinds that are asked and not kept are answered at once. */
export async function createResource(parts: ApiServerParts, target: Target, request: WriteRequest): Promise<WriteAnswer> {
  const { object, context } = request;
  if (reviewKinds.has(target.kind.kind)) {
    const review = settleFields(target.kind, object, context);
    const managedFields = trackCreate(target, review, { manager: context.fieldManager, now: timestamp(parts.clock.now()) });
    if (managedFields.length > 0) review.metadata.managedFields = managedFields;
    return { status: 201, body: await answerReview(parts, review, context.caller) };
  }
  if (target.kind.kind === 'Binding') {
    const pods = parts.kinds.find('', 'v1', 'pods');
    if (!pods) throw noSuchResource();
    return postSubresource(parts, { ...target, kind: pods, name: object.metadata.name, subresource: 'binding' }, request);
  }
  const { object: created } = await createObject(parts, target, { object, context });
  return { status: 201, body: created };
}

/** POST to a subresource of an object. */
export async function postSubresource(parts: ApiServerParts, target: Target, request: WriteRequest): Promise<WriteAnswer> {
  const { object: body, context } = request;
  const { kind, subresource } = target;
  if (kind.group !== '') throw noSuchResource();
  switch (`${kind.resource}/${subresource ?? ''}`) {
    case 'pods/binding':
      return { status: 201, body: await bindPod(parts, target, { body, context }) };
    case 'pods/eviction':
      return { status: 201, body: await evictPod(parts, target, { body, context }) };
    case 'serviceaccounts/token':
      return { status: 201, body: await requestToken(parts, target, body) };
    default:
      throw noSuchResource();
  }
}

/** PUT of an object or of a subresource that is part of it. */
export async function replaceResource(parts: ApiServerParts, target: Target, request: WriteRequest): Promise<WriteAnswer> {
  const { object, context } = request;
  switch (target.subresource) {
    case 'scale':
      return { status: 200, body: await updateScale(parts, target, { context, change: () => object }) };
    case 'finalize':
      return { status: 200, body: (await finalizeNamespace(parts, target, { body: object, context })).object };
    case 'ephemeralcontainers':
    case 'resize':
    case 'approval':
      return { status: 200, body: (await replacePart(parts, target, request)).object };
    default: {
          const written = await replaceObject(parts, target, { object, context });
      return { status: written.created ? 201 : 200, body: written.object };
    }
  }
}

/** Subresources that may change one part of the object which the main endpoint may not. */
function replacePart(parts: ApiServerParts, target: Target, { object, context }: WriteRequest): ReturnType<typeof updateObject> {
  return updateObject(parts, target, {
    context,
    mode: 'part',
    change: (current) => withPart(target, current, object),
  });
}

function withPart({ subresource }: Target, current: ClusterObject, wanted: ClusterObject): ClusterObject {
  const { uid, resourceVersion } = wanted.metadata;
  Object.assign(current.metadata, { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) });
  const spec = current.spec as Record<string, unknown>; // pods have one
  const given = (wanted.spec ?? {}) as Record<string, unknown>;
  if (subresource === 'ephemeralcontainers') spec.ephemeralContainers = given.ephemeralContainers;
  if (subresource === 'resize') resize(spec, given);
  if (subresource === 'approval') current.status = { ...(current.status as object), conditions: (wanted.status as { conditions?: unknown }).conditions };
  return current;
}

interface Container {
  readonly name: string;
  resources?: unknown;
}

function resize(spec: Record<string, unknown>, given: Record<string, unknown>): void {
  for (const container of (spec.containers ?? []) as Container[]) {
    const wanted = ((given.containers ?? []) as Container[]).find((other) => other.name === container.name);
    if (wanted?.resources !== undefined) container.resources = wanted.resources;
  }
}

const partial = new Set(['ephemeralcontainers', 'resize', 'approval']);

/** PATCH of an object or of a subresource that is part of it. */
export async function patchResource(parts: ApiServerParts, target: Target, request: { patch: Patch; context: WriteContext }): Promise<WriteAnswer> {
  const { patch, context } = request;
  const { subresource = '' } = target;
  if (subresource === 'scale') {
    if (patch.type === 'apply') throw new ApiError('UnsupportedMediaType', 'a scale takes no apply patch; use a merge patch');
    const { schema } = target.kind;
    return { status: 200, body: await updateScale(parts, target, { context, change: (scale) => patched(schema, scale, patch) }) };
  }
  if (partial.has(subresource) && patch.type !== 'apply') {
    const change = (current: ClusterObject): ClusterObject => withPart(target, current, patched(target.kind.schema, current, patch));
    return { status: 200, body: (await updateObject(parts, target, { context, mode: 'part', change })).object };
  }
  const written = await patchObject(parts, target, { patch, context });
  return { status: written.created ? 201 : 200, body: written.object };
}
