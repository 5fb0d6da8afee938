import { ApiError, isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { applyFields } from '../fields/apply-fields.ts';
import { cloneJson } from '../schema/clone-json.ts';
import { apiVersionOf } from '../store/kind-registry.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext } from '../store/write-request.ts';
import { checkApply } from './patch-object.ts';
import { replicasField, scaleKind, scaleOf, scaled, shapedScale } from './scale.ts';

interface Apply {
  readonly patch: { readonly body: ClusterObject; readonly force: boolean };
  readonly context: WriteContext;
}

/** The conflicts of an apply in terms of a Scale, whatever the object calls its replicas. */
function asOfScale(error: unknown, field: string): unknown {
  if (field === '.spec.replicas' || !isApiError(error, 'Conflict') || !error.details?.causes) return error;
  const causes = error.details.causes.map((cause) => ({ ...cause, field: '.spec.replicas' }));
  const message = error.message.replaceAll(field, '.spec.replicas');
  return new ApiError('Conflict', message, { details: { ...error.details, causes } });
}

/**
 * Server-side apply of a Scale: who applies it owns the number of replicas, and nothing else of the object. As in the real
 * server the owner is noted without a time.
 */
export async function applyScale(deps: StoreDeps, target: Target, { patch, context }: Apply): Promise<ClusterObject> {
  const { kind } = target;
  checkApply(target, patch, { context, body: { apiVersion: 'autoscaling/v1', kind: 'Scale' } });
  const scale = shapedScale(cloneJson(patch.body), context);
  const wanted = (scale['spec'] as { replicas?: number } | undefined)?.replicas; // as the schema of a Scale says
  const change = (live: ClusterObject): ClusterObject => {
    const body: ClusterObject = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: target.name } };
    const next = applyFields({
      live,
      applied: wanted === undefined ? body : scaled(kind, body, scale),
      manager: context.fieldManager,
      force: patch.force,
      schema: kind.schema,
      apiVersion: apiVersionOf(kind),
      subresource: 'scale',
      hasStatus: true,
      now: '',
    });
    const { resourceVersion, uid } = scale.metadata;
    Object.assign(next.metadata, { ...(resourceVersion && { resourceVersion }), ...(uid && { uid }) });
    return next;
  };
  const shownAs = {
    kind: scaleKind,
    of: (whole: ClusterObject): ClusterObject => scaleOf(kind, whole),
    into: (whole: ClusterObject, shown: ClusterObject): ClusterObject => scaled(kind, whole, shown),
  };
  try {
    const { object } = await updateObject(deps, target, { context, mode: 'main', managed: true, change, shownAs });
    return scaleOf(kind, object);
  } catch (error) {
    throw asOfScale(error, replicasField(kind));
  }
}
