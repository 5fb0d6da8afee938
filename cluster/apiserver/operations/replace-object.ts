import { isApiError } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { badRequest, invalid } from '../store/api-errors.ts';
import { createObject } from '../store/create-object.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext, Written } from '../store/write-request.ts';

/** A custom object must say which state it replaces. */
function requireRevision(target: Target, object: ClusterObject): void {
  const { kind, name } = target;
  const { resourceVersion } = object.metadata;
  if (kind.strategy.allowUnconditionalUpdate || (resourceVersion && resourceVersion !== '0')) return;
  const cause = {
    field: 'metadata.resourceVersion',
    message: 'Invalid value: 0: must be specified for an update',
    reason: 'FieldValueInvalid',
  };
  throw invalid({ kind: kind.resource, group: kind.group }, name, [cause]);
}

function checkNames(target: Target, object: ClusterObject): void {
  const { name, namespace } = object.metadata;
  if (!name)
    throw badRequest(`the name of the object (${target.name} based on URL) was undeterminable: name must be provided`);
  if (name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  if (namespace && namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** PUT: the whole object, or its status, anew. Some kinds are created where they are missing. */
export async function replaceObject(
  deps: StoreDeps,
  target: Target,
  request: { object: ClusterObject; context: WriteContext },
): Promise<Written> {
  const { object, context } = request;
  checkNames(target, object);
  const mode = target.subresource === 'status' ? 'status' : 'main';
  const change = (): ClusterObject => {
    requireRevision(target, object);
    return structuredClone(object);
  };
  try {
    return await updateObject(deps, target, { context, mode, change });
  } catch (error) {
    const creates = mode === 'main' && target.kind.strategy.allowCreateOnUpdate && isApiError(error, 'NotFound');
    if (!creates || object.metadata.uid) throw error;
    return createObject(deps, { ...target, name: '' }, { object, context });
  }
}
