import { timestamp } from '@kit/base';
import type { Status } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import type { Version } from '../storage/version.ts';
import { noSuchResource } from '../store/api-errors.ts';
import { admitUnstored } from '../store/admission-attempt.ts';
import { createObject, trackCreate } from '../store/create-object.ts';
import { settleFields } from '../store/settle-fields.ts';
import type { Target, WriteContext } from '../store/write-request.ts';
import { applyScale } from './apply-scale.ts';
import { bindPod } from './bind-pod.ts';
import { evictPod } from './evict-pod.ts';
import { finalizeNamespace } from './finalize-namespace.ts';
import { patched, patchObject } from './patch-object.ts';
import type { Patch } from './patch-object.ts';
import { replaceObject } from './replace-object.ts';
import { requestToken } from './request-token.ts';
import { answerReview, reviewKinds } from './review-kinds.ts';
import { updateScale } from './scale.ts';
import { isPart, updatePart } from './update-part.ts';

/** The answer to a write: the object as it is now, or a Status. */
export interface WriteAnswer {
  readonly status: 200 | 201;
  readonly body: ClusterObject | Status;
  /** Where the bytes of the body are those of a stored state. */
  readonly version?: Version | undefined;
}

interface WriteRequest {
  readonly object: ClusterObject;
  readonly context: WriteContext;
}

/** POST to a collection. Kinds that are asked and not kept are answered at once. */
export async function createResource(
  parts: ApiServerParts,
  target: Target,
  request: WriteRequest,
): Promise<WriteAnswer> {
  const { object, context } = request;
  if (reviewKinds.has(target.kind.kind)) {
    const review = settleFields(target.kind, object, { context });
    const managedFields = trackCreate(target, review, {
      manager: context.fieldManager,
      now: timestamp(parts.clock.now()),
    });
    if (managedFields.length > 0) review.metadata.managedFields = managedFields;
    const admitted = await admitUnstored(parts, target, {
      operation: 'CREATE',
      object: review,
      objectKind: target.kind,
      context,
    });
    return { status: 201, body: await answerReview(parts, admitted, context.caller) };
  }
  if (target.kind.kind === 'Binding') {
    const pods = parts.kinds.find('', 'v1', 'pods');
    if (!pods) throw noSuchResource();
    return postSubresource(
      parts,
      { ...target, kind: pods, name: object.metadata.name, subresource: 'binding' },
      request,
    );
  }
  const { object: created, version } = await createObject(parts, target, { object, context });
  return { status: 201, body: created, version };
}

/** The body of a subresource after admission. */
function admitBody(parts: ApiServerParts, target: Target, { object, context }: WriteRequest): Promise<ClusterObject> {
  const { kind } = target;
  const part = kind.subresources.find(({ name }) => name === target.subresource);
  const { group = kind.group, version = kind.version, kind: name } = part ?? kind;
  const objectKind = { group, version, kind: name };
  return admitUnstored(parts, target, { operation: 'CREATE', object, objectKind, context });
}

/** POST to a subresource of an object. */
export async function postSubresource(
  parts: ApiServerParts,
  target: Target,
  request: WriteRequest,
): Promise<WriteAnswer> {
  const { context } = request;
  const { kind, subresource } = target;
  if (kind.group !== '') throw noSuchResource();
  const body = await admitBody(parts, target, request);
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
export async function replaceResource(
  parts: ApiServerParts,
  target: Target,
  request: WriteRequest,
): Promise<WriteAnswer> {
  const { object, context } = request;
  switch (target.subresource) {
    case 'scale':
      return { status: 200, body: await updateScale(parts, target, { context, change: () => object }) };
    case 'finalize':
      return { status: 200, body: (await finalizeNamespace(parts, target, { body: object, context })).object };
    case 'ephemeralcontainers':
    case 'resize':
    case 'approval':
      return { status: 200, body: (await updatePart(parts, target, { context, change: () => object })).object };
    default: {
      const written = await replaceObject(parts, target, { object, context });
      return { status: written.created ? 201 : 200, body: written.object, version: written.version };
    }
  }
}

/** PATCH of an object or of a subresource that is part of it. */
export async function patchResource(
  parts: ApiServerParts,
  target: Target,
  request: { patch: Patch; context: WriteContext },
): Promise<WriteAnswer> {
  const { patch, context } = request;
  const { subresource = '' } = target;
  if (subresource === 'scale') {
    if (patch.type === 'apply') return { status: 200, body: await applyScale(parts, target, { patch, context }) };
    const { schema } = target.kind;
    return {
      status: 200,
      body: await updateScale(parts, target, { context, change: (scale) => patched(schema, scale, patch) }),
    };
  }
  if (isPart(subresource) && patch.type !== 'apply') {
    const change = (current: ClusterObject): ClusterObject => patched(target.kind.schema, current, patch);
    return { status: 200, body: (await updatePart(parts, target, { context, change })).object };
  }
  const written = await patchObject(parts, target, { patch, context });
  return { status: written.created ? 201 : 200, body: written.object, version: written.version };
}
