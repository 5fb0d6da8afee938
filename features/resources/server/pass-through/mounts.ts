import { ApiError } from '@kit/base';
import type { Mount, Permission, Upgrade } from '@kit/http';
import type { ResourcesDeps } from '../ports.ts';
import { forward } from './forward.ts';
import { splice } from './splice.ts';
import { reviewMounts } from '../reviews/review-mounts.ts';
import { upstreamTarget } from './upstream.ts';
import { watchOverSocket } from './watch-socket.ts';

const rbac: Permission = { by: 'rbac' };
const readsSchemas: Permission = { by: 'signedIn', why: 'describes kinds, and holds nothing of anybody' };
const prefixesOf = ({ views }: ResourcesDeps): string[] => [
  '/api',
  '/apis',
  `/clusters/${views.name}/api`,
  `/clusters/${views.name}/apis`,
];

/** Kubernetes' own API, for whoever the platform's roles allow. */
export function resourcesMounts(deps: ResourcesDeps): Mount[] {
  const api = prefixesOf(deps).map((prefix) => ({
    prefix,
    permission: rbac,
    summary: "Kubernetes' own API, authorized by the platform's roles",
  }));
  const schemas = { prefix: '/openapi', permission: readsSchemas, summary: 'The schemas of the kinds of the cluster' };
  const forwarded = [...api, schemas].map((place): Mount => ({
    ...place,
    scope: 'cluster',
    handle: (request, response, context) => forward(deps, { request, response, context }),
  }));
  return [...forwarded, ...reviewMounts(deps)];
}

/** The same for connections that change protocol: watches for browsers, exec, attach, port-forward. */
export function resourcesUpgrades(deps: ResourcesDeps): Upgrade[] {
  return prefixesOf(deps).map((prefix) => ({
    prefix,
    scope: 'cluster',
    permission: rbac,
    summary: "Watches over WebSocket, exec, attach and port-forward of Kubernetes' own API",
    handle: (raw, context) => {
      const { request } = raw;
      const connection = { ...raw, context };
      const target = upstreamTarget(deps, context.user, request.url ?? '/');
      const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
      if (target.isWatch && isWebSocket) return watchOverSocket(deps, target, connection);
      if (target.subresource !== undefined) return splice(deps.kube, target, connection);
      throw new ApiError('BadRequest', 'only watches, exec, attach and port-forward change protocol');
    },
  }));
}
