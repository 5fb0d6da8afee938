import { JsonBytes, defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import type { Row } from '@kit/kube';
import { listQuery, listRows, pageBytes } from '@kit/kube/listing';
import type { Filter } from '@kit/kube/listing';
import { Type } from 'typebox';
import { annotations, iamTypes, labels } from '../contract/index.ts';
import { namesIn } from '../rules/template-names.ts';
import type { IamParts } from './parts.ts';
import { roleLevels } from './role-levels.ts';
import type { PathValues, RoleLevel } from './role-levels.ts';
import { createRole, deleteRole, patchRole, replaceRole, roleRow } from './role-store.ts';
import type { RoleRequest } from './role-store.ts';
import * as schemas from './schemas.ts';

/** The roles of the five levels: read, made of templates, changed, deleted. */
export function roleRoutes(parts: IamParts): Route[] {
  return roleLevels.flatMap((level) => [
    listRoute(parts, level),
    createRoute(parts, level),
    ...readRoutes(parts, level),
    ...changeRoutes(parts, level),
  ]);
}

function common({ scope }: RoleLevel): Pick<Route, 'scope' | 'permission' | 'tag'> {
  return { scope, permission: { by: 'rbac' }, tag: 'Roles' };
}

function one(level: RoleLevel) {
  const params = Type.Object({ ...level.params.properties, [level.parameter]: Type.String() });
  return { ...common(level), path: `${level.collection}/{${level.parameter}}`, params } as const;
}

function listRoute({ views }: IamParts, level: RoleLevel): Route {
  return defineRoute({
    ...common(level),
    method: 'GET',
    path: level.collection,
    summary: `List each ${level.title}`,
    params: level.params,
    query: schemas.listParameters,
    responses: { 200: schemas.listOfObjects },
    handle: ({ params, query }) => {
      const values = params as PathValues; // path parameters are text
      const { namespace } = level.placeOf(values, views);
      const view = views.of(level.type);
      const rows = [...view.rows(namespace || undefined)].filter(
        (row) => level.belongs(row, values) && (asksForTemplates(query) || !isOfNoPlace(level, row)),
      );
      const filters = { aggregateTo: aggregatesTo((name) => view.get(namespace, name)) };
      return new JsonBytes(pageBytes(listRows(rows, listQuery(query), { filters })));
    },
  });
}

/** Templates that every place shares are in its list when a client asks for them: by their label, or as parts of a role. */
function asksForTemplates(query: Readonly<Record<string, unknown>>): boolean {
  const selectors = [query['label'], query['labelSelector']].flat().map(String);
  return query['aggregateTo'] !== undefined || selectors.some((one) => one.includes(labels.roleTemplate));
}

function isOfNoPlace({ type }: RoleLevel, row: Row): boolean {
  return type === iamTypes.workspaceRoles && row.labels[labels.workspace] === undefined;
}

/** Leaves the templates that a role is made of. */
function aggregatesTo(find: (name: string) => Row | undefined): Filter {
  return (value) => {
    const role = find(value)?.object();
    const names = new Set(namesIn(role?.metadata.annotations?.[annotations.aggregationRoles]));
    return (row) => names.has(row.name);
  };
}

function createRoute(parts: IamParts, level: RoleLevel): Route {
  return defineRoute({
    ...common(level),
    method: 'POST',
    path: level.collection,
    summary: `Create a ${level.title} from role templates`,
    params: level.params,
    body: schemas.roleBody,
    responses: { 200: schemas.object },
    handle: ({ user, params, body }) => {
      const place = level.placeOf(params as PathValues, parts.views); // path parameters are text
      return createRole(parts, { level, place, caller: user, name: body.metadata.name }, body);
    },
  });
}

function requestOf(
  parts: IamParts,
  level: RoleLevel,
  { params, user }: { readonly params: unknown; readonly user: RoleRequest['caller'] },
): RoleRequest {
  const values = params as PathValues; // path parameters are text
  roleRow(parts.views, level, values);
  return { level, place: level.placeOf(values, parts.views), caller: user, name: values[level.parameter] ?? '' };
}

function readRoutes({ views }: IamParts, level: RoleLevel): Route[] {
  return [
    defineRoute({
      ...one(level),
      method: 'GET',
      summary: `Read a ${level.title}`,
      responses: { 200: schemas.object },
      handle: ({ params }) => new JsonBytes(roleRow(views, level, params as PathValues).json), // path parameters are text
    }),
  ];
}

function changeRoutes(parts: IamParts, level: RoleLevel): Route[] {
  return [
    defineRoute({
      ...one(level),
      method: 'PUT',
      summary: `Replace a ${level.title}; its rules are made of its templates again`,
      body: schemas.roleBody,
      responses: { 200: schemas.object },
      handle: (request) => replaceRole(parts, requestOf(parts, level, request), request.body),
    }),
    defineRoute({
      ...one(level),
      method: 'PATCH',
      summary: `Change a ${level.title} by a merge patch; its rules are made of its templates again`,
      body: schemas.metadataPatch,
      responses: { 200: schemas.object },
      handle: (request) => patchRole(parts, requestOf(parts, level, request), request.body),
    }),
    defineRoute({
      ...one(level),
      method: 'DELETE',
      summary: `Delete a ${level.title} and every binding to it`,
      responses: { 200: schemas.success },
      handle: async (request) => {
        await deleteRole(parts, requestOf(parts, level, request));
        return { message: 'success' };
      },
    }),
  ];
}
