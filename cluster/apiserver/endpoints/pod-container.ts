import { ApiError } from '@kit/base';
import type { NodeRuntime, PodKey } from '../../node-runtime.ts';
import type { ApiServerParts } from '../api-server-parts.ts';
import { badRequest, notFound } from '../store/api-errors.ts';
import { keyOf } from '../store/stored-object.ts';
import type { Target } from '../store/write-request.ts';

interface NamedContainer {
  readonly name: string;
  readonly ports?: readonly { readonly containerPort: number }[];
}

/** A pod, as far as connections to it are concerned. */
export interface PodFields {
  readonly metadata: { readonly uid: string };
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly NamedContainer[];
    readonly initContainers?: readonly NamedContainer[];
    readonly ephemeralContainers?: readonly NamedContainer[];
  };
  readonly status?: { readonly podIP?: string };
}

const names = (list: readonly NamedContainer[] | undefined): string[] => (list ?? []).map(({ name }) => name);

/** The pod a request is about. Throws `NotFound`. */
export function podOf({ storage }: Pick<ApiServerParts, 'storage'>, { kind, namespace, name }: Target): PodFields {
  const stored = storage.get(keyOf(kind, namespace, name));
  if (!stored) throw notFound(kind, name);
  return stored.object();
}

export function podKeyOf(target: Pick<Target, 'namespace' | 'name'>, { metadata }: PodFields): PodKey {
  return { namespace: target.namespace, name: target.name, uid: metadata.uid };
}

/** The container a request is about; must be said when there are several. */
export function containerOf({ spec }: PodFields, pod: string, wanted: string | null): string {
  const containers = names(spec?.containers);
  const all = [...names(spec?.initContainers), ...containers, ...names(spec?.ephemeralContainers)];
  if (wanted) {
    if (all.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${pod}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only;
  throw badRequest(`a container name must be specified for pod ${pod}, choose one of: [${all.join(' ')}]`);
}

/** The machines of the pod that is bound to `node`. Throws when none has started. */
export function runtimeOf({ nodes }: Pick<ApiServerParts, 'nodes'>, node: string): NodeRuntime {
  if (nodes.runtime) return nodes.runtime;
  throw new ApiError('ServiceUnavailable', `the node "${node}" cannot be reached: no node runs in this cluster`);
}
