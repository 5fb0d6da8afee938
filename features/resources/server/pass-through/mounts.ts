import { ApiError } from '@kit/base';
import type { Mount, Permission, Upgrade } from '@kit/http';
import type { ResourcesDeps } from '../ports.ts';
import { forward } from './forward.ts';
import { splice } from './splice.ts';
import { upstreamTarget } from './upstream.ts';
import { watchOverSocket } from './watch-socket.ts';

const rbac: Permission = { by: 'rbac' };
const prefixesOf = ({ views }: ResourcesDeps): string[] => [
  '/api',
  '/apis',
  `/clusters/${views.name}/api`,
  `/clusters/${views.name}/apis`,
];

/** Kubernetes' own API, for whoever the platform's roles allow. */
export function resourcesMounts(deps: ResourcesDeps): Mount[] {
  return prefixesOf(deps).map((prefix) => ({
    prefix,
    scope: 'cluster',
    permission: rbac,
    summary: "Kubernetes' own API, authorized by the platform's roles",
    handle: (request, response, context) => forward(deps, request, response, context),
  }));
}

/** The same for connections that change protocol: watches for browsers, exec, attach, port-forward. */
export function resourcesUpgrades(deps: ResourcesDeps): Upgrade[] {
  return prefixesOf(deps).map((prefix) => ({
    prefix,
    scope: 'cluster',
    permission: rbac,
    summary: "Watches over WebSocket, exec, attach and port-forward of Kubernetes' own API",
    handle: (request, socket, head, context) => {
      const target = upstreamTarget(deps, context.user, request.url ?? '/');
      const connection = { request, socket, head };
      const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
      if (target.isWatch && isWebSocket) return watchOverSocket(deps, target, connection, context);
      if (target.subresource !== undefined) return splice(deps.kube, target, connection, context);
      throw new ApiError('BadRequest', 'only watches, exec, attach and port-forward change protocol');
    },
  }));
}
