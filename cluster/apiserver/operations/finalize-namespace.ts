import type { ClusterObject } from '../../client.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext, Written } from '../store/write-request.ts';

/**
 * `namespaces/finalize`: sets the metadata a client may set, and spec.finalizers; without any left, a terminating
 * namespace is gone. All else of the body is ignored.
 */
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
      const spec = finalizers.length > 0 ? { finalizers } : {};
      return { ...namespace, spec, metadata: structuredClone(body.metadata) };
    },
  });
}
