import { defineRoute, type Permission, type Route } from '@kit/http';
import { Type } from 'typebox';
import type { ResourcesParts } from '../parts.ts';
import { getObject, listObjects } from './list-objects.ts';

const base = '/kapis/resources.kubesphere.io/v1alpha3';
const own = '/kapis/resources.freehold.io/v1alpha1';
const tag = 'Resources';
const rbac: Permission = { by: 'rbac' };
const ofOneself: Permission = {
  by: 'signedIn',
  why: 'answers only with objects of projects in which the caller may list the kind',
};

const clusterParams = Type.Object({ resources: Type.String() });
const projectParams = Type.Object({ namespace: Type.String(), resources: Type.String() });
const workspaceParams = Type.Object({ workspace: Type.String(), resources: Type.String() });
const named = { name: Type.String() };
const text = (description: string) => Type.Optional(Type.String({ description }));

/** The parameters of every list; each kind has filters and orders beside them, which a wrong one is answered with. */
export const listParameters = Type.Object({
  page: text('from 1; needs a limit'),
  limit: text('rows of a page; -1 or absent: all'),
  sortBy: text('name, createTime, updateTime, status, or a column that kubectl prints'),
  ascending: text('true or false (default)'),
  name: text('part of the name'),
  labelSelector: text('as kubectl reads it'),
  status: text('words joined by commas'),
  fields: text('paths joined by commas, e.g. metadata.name,status.phase: nothing else is sent'),
  continue: text('empty to begin, then what the last answer gave: pages that stay right while objects change'),
});
const oneParameters = Type.Object({ fields: listParameters.properties.fields });
const object = Type.Object({});
const list = Type.Object({
  items: Type.Array(object),
  totalItems: Type.Integer(),
  continue: Type.Optional(Type.String()),
});

function clusterRoutes(parts: ResourcesParts): Route[] {
  const shared = { method: 'GET', permission: rbac, tag, scope: 'cluster' } as const;
  return [
    defineRoute({
      ...shared,
      path: `${base}/{resources}`,
      summary: 'List objects of a kind in the whole cluster',
      params: clusterParams,
      query: listParameters,
      responses: { 200: list },
      handle: ({ user, params, query, headers }) =>
        listObjects(parts, { ...params, user, query, headers, place: { everywhere: true } }),
    }),
    defineRoute({
      ...shared,
      path: `${base}/{resources}/{name}`,
      summary: 'Read a cluster-scoped object',
      params: Type.Object({ ...clusterParams.properties, ...named }),
      query: oneParameters,
      responses: { 200: object },
      handle: ({ user, params, query, headers }) =>
        getObject(parts, { ...params, user, query, headers, namespace: undefined }),
    }),
  ];
}

function projectRoutes(parts: ResourcesParts): Route[] {
  const shared = { method: 'GET', permission: rbac, tag, scope: 'project' } as const;
  return [
    defineRoute({
      ...shared,
      path: `${base}/namespaces/{namespace}/{resources}`,
      summary: 'List objects of a kind in a project',
      params: projectParams,
      query: listParameters,
      responses: { 200: list },
      handle: ({ user, params: { namespace, resources }, query, headers }) =>
        listObjects(parts, { resources, user, query, headers, place: { namespace } }),
    }),
    defineRoute({
      ...shared,
      path: `${base}/namespaces/{namespace}/{resources}/{name}`,
      summary: 'Read an object of a project',
      params: Type.Object({ ...projectParams.properties, ...named }),
      query: oneParameters,
      responses: { 200: object },
      handle: ({ user, params, query, headers }) => getObject(parts, { ...params, user, query, headers }),
    }),
  ];
}

function ownRoutes(parts: ResourcesParts): Route[] {
  const shared = {
    method: 'GET',
    permission: ofOneself,
    tag,
    query: listParameters,
    responses: { 200: list },
  } as const;
  return [
    defineRoute({
      ...shared,
      path: `${own}/{resources}`,
      scope: 'platform',
      summary: 'List objects of a kind in every project in which the caller may list it',
      params: clusterParams,
      handle: ({ user, params, query, headers }) =>
        listObjects(parts, { ...params, user, query, headers, place: { visible: true } }),
    }),
    defineRoute({
      ...shared,
      path: `${own}/workspaces/{workspace}/{resources}`,
      scope: 'workspace',
      summary: 'List objects of a kind in the projects of a workspace in which the caller may list it',
      params: workspaceParams,
      handle: ({ user, params: { workspace, resources }, query, headers }) =>
        listObjects(parts, { resources, user, query, headers, place: { visible: true, workspace } }),
    }),
  ];
}

/** Lists and objects of every kind, cluster-wide and in one project (resources.kubesphere.io v1alpha3), and of all one's own. */
export function listRoutes(parts: ResourcesParts): Route[] {
  return [...clusterRoutes(parts), ...projectRoutes(parts), ...ownRoutes(parts)];
}
