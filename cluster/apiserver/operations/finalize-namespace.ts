import type { ClusterObject } from '../../client.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext, Written } from '../store/write-request.ts';

/** `namespaces/finalize`: sets spec.finalizers and nothing else; without any left, a terminating namespace is gone. */
export function finalizeNamespace(
  deps: StoreDeps,
  target: Target,
  request: { body: ClusterObject; context: WriteContext },
): Promise<Written> {
  const { body, context } = request;
  return updateObject(deps, target, {
    context,
    mode: 'part',
    change: (namespace) => {
      const { finalizers = [] } = (body.spec ?? {}) as { finalizers?: string[] }; // checked when it is stored
      namespace.spec = finalizers.length > 0 ? { finalizers } : {};
      const { uid, resourceVersion } = body.metadata;
      Object.assign(namespace.metadata, { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) });
      return namespace;
    },
  });
}
