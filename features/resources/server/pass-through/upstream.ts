import type { Access } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import type { RawConnection, RawContext, User } from '@kit/http';
import type { RawRequest, Views } from '@kit/kube';
import { isConnecting, kubeTarget, type KubeTarget } from '../../rules/kube-target.ts';

/** A connection that asks to change protocol, and whose it is. */
export interface Connection extends RawConnection {
  readonly context: RawContext;
}

interface Parts {
  readonly access: Access;
  readonly views: Views;
}

/**
 * Reads and checks a request for the cluster, which the path's own permission has let in already: the cluster must be
 * this one, and a way into a pod, node or service asks for the right to create it, whatever the method.
 */
export function upstreamTarget({ access, views }: Parts, user: User, url: string): KubeTarget {
  const target = kubeTarget(url);
  const { cluster, group, namespace, resource = '', name = '', subresource = '' } = target;
  if (cluster !== undefined && cluster !== views.name) {
    throw new ApiError('NotFound', `there is no cluster "${cluster}"`, {
      details: { kind: 'clusters', name: cluster },
    });
  }
  if (isConnecting(target)) {
    const way = subresource.split('/', 1)[0] ?? '';
    access.check(user, {
      verb: 'create',
      group,
      resource,
      subresource: way,
      name,
      ...(namespace ? { namespace } : {}),
    });
  }
  return target;
}

/** Path and query for the client: as plain parameters where it must know them, and in one piece where one repeats. */
export function upstreamPath({ path, params }: KubeTarget): Pick<RawRequest, 'path' | 'query'> {
  const query = Object.fromEntries(params);
  return params.size === Object.keys(query).length ? { path, query } : { path: `${path}?${params.toString()}` };
}
