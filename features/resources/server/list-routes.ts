import { ApiError } from '@kit/base';
import { defineRoute, JsonBytes, type Permission, type Route, type User } from '@kit/http';
import { kinds, type ResourceType, type Row } from '@kit/kube';
import { listQuery, listView, pageBytes, type ListRules, type QueryValues } from '@kit/kube/listing';
import { Type } from 'typebox';
import { listedKinds, type ListedKind } from './listed-kinds.ts';
import type { ResourcesDeps } from './ports.ts';
import { serviceFilter } from './service-filter.ts';
import { untilSynced } from './until-synced.ts';

const base = '/kapis/resources.kubesphere.io/v1alpha3';
const tag = 'Resources';
const rbac: Permission = { by: 'rbac' };

const clusterParams = Type.Object({ resources: Type.String() });
const projectParams = Type.Object({ namespace: Type.String(), resources: Type.String() });
const named = { name: Type.String() };
const parameters = Type.Object({
  page: Type.Optional(Type.String()),
  limit: Type.Optional(Type.String()),
  sortBy: Type.Optional(Type.String()),
  ascending: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  labelSelector: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
});
const object = Type.Object({ metadata: Type.Object({ name: Type.String() }) });
const list = Type.Object({ items: Type.Array(object), totalItems: Type.Integer() });

/** The kind with that plural name; `NotFound` when lists do not know it, or know it only outside namespaces. */
export function kindNamed(plural: string, namespace?: string): ListedKind {
  const kind = listedKinds.get(plural);
  if (kind && (namespace === undefined || kind.type.namespaced)) return kind;
  const where = kind ? `"${plural}" do not live in a project` : `"${plural}" is no kind that can be listed here`;
  throw new ApiError('NotFound', where, { details: { kind: plural } });
}

/** Where an object is looked for: in one namespace, or at the cluster's level. */
interface Place {
  readonly resources: string;
  readonly namespace?: string;
}

/** The same, and for whom. */
interface Asked extends Place {
  readonly user: User;
}

const encoder = new TextEncoder();

function encodeRow(kind: ListedKind, row: Row): Uint8Array {
  return kind.show ? encoder.encode(JSON.stringify(kind.show(row.object()))) : row.json;
}

function checkGuard({ access }: ResourcesDeps, kind: ListedKind, request: Asked & { verb: string }): void {
  if (!kind.guarded) return;
  const { group, plural } = kind.type;
  const { user, verb, namespace } = request;
  access.check(user, { verb, group, resource: plural, ...(namespace === undefined ? {} : { namespace }) });
}

function rulesOf(deps: ResourcesDeps, kind: ListedKind, namespace: string | undefined): ListRules {
  const selected = kind.type.plural === 'pods' ? { serviceName: serviceFilter(deps.views, namespace) } : undefined;
  return {
    filters: { ...kind.filters, ...selected },
    ...(kind.sorts ? { sorts: kind.sorts } : {}),
    ...(deps.unknownParameters ? { unknownParameters: deps.unknownParameters } : {}),
  };
}

/** Views that a list reads beside its own. */
function relatedTypes(kind: ListedKind, query: QueryValues): ResourceType[] {
  return kind.type.plural === 'pods' && query['serviceName'] !== undefined ? [kinds.services] : [];
}

async function listPlace(deps: ResourcesDeps, place: Asked, query: QueryValues): Promise<JsonBytes> {
  const kind = kindNamed(place.resources, place.namespace);
  checkGuard(deps, kind, { ...place, verb: 'list' });
  const view = deps.views.of(kind.type);
  await untilSynced(view, ...relatedTypes(kind, query).map((type) => deps.views.of(type)));
  const rules = rulesOf(deps, kind, place.namespace);
  const page = listView(view, place.namespace, { query: listQuery(query), rules });
  return new JsonBytes(pageBytes(page, (row) => encodeRow(kind, row)));
}

async function getOne(deps: ResourcesDeps, place: Asked & { name: string }): Promise<JsonBytes> {
  const kind = kindNamed(place.resources, place.namespace);
  checkGuard(deps, kind, { ...place, verb: 'get' });
  const view = deps.views.of(kind.type);
  await untilSynced(view);
  const row =
    kind.type.namespaced && place.namespace === undefined ? undefined : view.get(place.namespace ?? '', place.name);
  if (row) return new JsonBytes(encodeRow(kind, row));
  const { group, plural } = kind.type;
  const full = group === '' ? plural : `${plural}.${group}`;
  throw new ApiError('NotFound', `${full} "${place.name}" not found`, {
    details: { kind: plural, group, name: place.name },
  });
}

/** Lists and objects of every known kind, cluster-wide and in one project (resources.kubesphere.io v1alpha3). */
export function listRoutes(deps: ResourcesDeps): Route[] {
  const shared = { method: 'GET', permission: rbac, tag } as const;
  return [
    defineRoute({
      ...shared,
      path: `${base}/{resources}`,
      scope: 'cluster',
      summary: 'List objects of a kind, over all namespaces where it lives in them',
      params: clusterParams,
      query: parameters,
      responses: { 200: list },
      handle: ({ user, params, query }) => listPlace(deps, { ...params, user }, query),
    }),
    defineRoute({
      ...shared,
      path: `${base}/{resources}/{name}`,
      scope: 'cluster',
      summary: 'Read a cluster-scoped object',
      params: Type.Object({ ...clusterParams.properties, ...named }),
      responses: { 200: object },
      handle: ({ user, params }) => getOne(deps, { ...params, user }),
    }),
    defineRoute({
      ...shared,
      path: `${base}/namespaces/{namespace}/{resources}`,
      scope: 'project',
      summary: 'List objects of a kind in a project',
      params: projectParams,
      query: parameters,
      responses: { 200: list },
      handle: ({ user, params, query }) => listPlace(deps, { ...params, user }, query),
    }),
    defineRoute({
      ...shared,
      path: `${base}/namespaces/{namespace}/{resources}/{name}`,
      scope: 'project',
      summary: 'Read an object of a project',
      params: Type.Object({ ...projectParams.properties, ...named }),
      responses: { 200: object },
      handle: ({ user, params }) => getOne(deps, { ...params, user }),
    }),
  ];
}
