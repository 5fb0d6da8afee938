import { defineRoute, type Permission, type Route } from '@kit/http';
import { Type } from 'typebox';
import { legacyQuery } from '../../rules/legacy-query.ts';
import { listObjects } from '../lists/list-objects.ts';
import type { ResourcesParts } from '../parts.ts';

const base = '/kapis/resources.kubesphere.io/v1alpha2';
const permission: Permission = { by: 'rbac' };
const query = Type.Object({
  conditions: Type.Optional(Type.String({ description: 'key=value or key~part, joined by commas' })),
  paging: Type.Optional(Type.String({ description: 'limit=10,page=1' })),
  orderBy: Type.Optional(Type.String()),
  reverse: Type.Optional(Type.String()),
});
const list = Type.Object({ items: Type.Array(Type.Object({})), total_count: Type.Integer() });

/** Reads what v1alpha3 would, too: a caller who mixes both is told by name what neither knows. */
function read({ conditions, paging, orderBy, reverse, ...rest }: Readonly<Record<string, string>>) {
  const asked = { conditions, paging, orderBy, reverse };
  const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { filters, ...paged } = legacyQuery(Object.fromEntries(given));
  return { ...paged, filters: new Map([...Object.entries(rest), ...filters]) };
}

/** The lists of the older API (resources.kubesphere.io v1alpha2): the same objects, other parameters. */
export function legacyListRoutes(parts: ResourcesParts): Route[] {
  const shared = { method: 'GET', permission, tag: 'Resources', query, responses: { 200: list } } as const;
  const asked = { read, total: 'total_count' };
  return [
    defineRoute({
      ...shared,
      path: `${base}/{resources}`,
      scope: 'cluster',
      summary: 'List objects of a kind in the whole cluster, in the older shape',
      params: Type.Object({ resources: Type.String() }),
      handle: ({ user, params, query: given, headers }) =>
        listObjects(parts, { ...params, ...asked, user, headers, query: given, place: { everywhere: true } }),
    }),
    defineRoute({
      ...shared,
      path: `${base}/namespaces/{namespace}/{resources}`,
      scope: 'project',
      summary: 'List objects of a kind in a project, in the older shape',
      params: Type.Object({ namespace: Type.String(), resources: Type.String() }),
      handle: ({ user, params: { namespace, resources }, query: given, headers }) =>
        listObjects(parts, { resources, ...asked, user, headers, query: given, place: { namespace } }),
    }),
  ];
}
