import type { Iam } from '@feature/iam/server';
import { ApiError } from '@kit/base';
import { defineRoute } from '@kit/http';
import type { Permission, Route } from '@kit/http';
import { Type } from 'typebox';

const permission: Permission = { by: 'open', why: 'probes carry no credential, and the answer says one word' };
const common = { method: 'GET', scope: 'none', permission, tag: 'Health', responses: { 200: Type.String() } } as const;

/** For probes: alive as long as the process answers, ready when decisions rest on everything the cluster has. */
export function healthRoutes(iam: Pick<Iam, 'isReady'>): Route[] {
  const alive = (path: string): Route =>
    defineRoute({ ...common, path, summary: 'Whether the server is alive', handle: () => 'ok' });
  return [
    alive('/healthz'),
    alive('/livez'),
    defineRoute({
      ...common,
      path: '/readyz',
      summary: 'Whether the server can serve',
      handle: () => {
        if (iam.isReady()) return 'ok';
        throw new ApiError('ServiceUnavailable', 'roles and bindings are still being read');
      },
    }),
  ];
}
