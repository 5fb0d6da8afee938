import { ApiError } from '@kit/base';
import { defineRoute, JsonBytes, type Permission, type Route } from '@kit/http';
import { kinds } from '@kit/kube';
import { Type } from 'typebox';
import type { ResourcesParts } from '../parts.ts';
import { untilSynced } from '../until-synced.ts';

const namespace = 'kubesphere-controls-system';
const params = Type.Object({ namespace: Type.String() });
const permission: Permission = { by: 'rbac' };

/** The service of a project's gateway of the first kind, which installations of KubeSphere before 3.2 have. */
async function routerOf({ views }: ResourcesParts, project: string): Promise<JsonBytes> {
  const services = views.of(kinds.services);
  await untilSynced(services);
  const name = `kubesphere-router-${project}`;
  const row = services.get(namespace, name);
  if (row) return new JsonBytes(row.json);
  throw new ApiError('NotFound', `services "${name}" not found`, { details: { kind: 'services', name } });
}

const refuse = (): never => {
  throw new ApiError(
    'MethodNotAllowed',
    'gateways of this kind are shown where they are, and not made or changed any more',
  );
};

/** Gateways of projects as before KubeSphere 3.2 (resources.kubesphere.io v1alpha2): shown, where there is one. */
export function routerRoutes(parts: ResourcesParts): Route[] {
  const shared = {
    path: '/kapis/resources.kubesphere.io/v1alpha2/namespaces/{namespace}/router',
    scope: 'project',
    permission,
    tag: 'Gateways',
    params,
    responses: { 200: Type.Object({}) },
  } as const;
  return [
    defineRoute({
      ...shared,
      method: 'GET',
      summary: 'Read the service of a gateway of the first kind',
      handle: ({ params: { namespace: project } }) => routerOf(parts, project),
    }),
    ...(['POST', 'PUT', 'DELETE'] as const).map((method) =>
      defineRoute({
        ...shared,
        method,
        summary: 'Refused: gateways of this kind are not made or changed',
        handle: refuse,
      }),
    ),
  ];
}
