import { ApiError } from '@kit/base';
import { JsonBytes, defineRoute } from '@kit/http';
import type { Route, Scope } from '@kit/http';
import type { ResourceType, Row } from '@kit/kube';
import { listQuery, listRows, pageBytes } from '@kit/kube/listing';
import type { Filter } from '@kit/kube/listing';
import { Type } from 'typebox';
import type { TObject } from 'typebox';
import { annotations, iamTypes, labels } from '../contract/index.ts';
import type { IamParts } from './parts.ts';
import { namesIn } from './role-templates.ts';
import * as schemas from './schemas.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
type PathValues = Readonly<Record<string, string>>;

interface RoleApi {
  readonly collection: string;
  readonly parameter: string;
  readonly params: TObject;
  readonly scope: Scope;
  readonly type: ResourceType;
  readonly namespaceOf: (params: PathValues) => string;
  /** Whether a role belongs to the place of the path. */
  readonly belongs: (row: Row, params: PathValues) => boolean;
}

const everywhere = { params: Type.Object({}), namespaceOf: () => '', belongs: () => true } as const;

const apis: readonly RoleApi[] = [
  {
    ...everywhere,
    collection: `${iam}/globalroles`,
    parameter: 'globalrole',
    scope: 'platform',
    type: iamTypes.globalRoles,
  },
  {
    ...everywhere,
    collection: `${iam}/clusterroles`,
    parameter: 'clusterrole',
    scope: 'cluster',
    type: iamTypes.clusterRoles,
  },
  {
    collection: `${iam}/workspaces/{workspace}/workspaceroles`,
    parameter: 'workspacerole',
    params: schemas.workspaceParams,
    scope: 'workspace',
    type: iamTypes.workspaceRoles,
    namespaceOf: () => '',
    // The templates belong to no workspace and are offered in each.
    belongs: (row, { workspace }) => row.labels[labels.workspace] === workspace || labels.roleTemplate in row.labels,
  },
  {
    collection: `${iam}/namespaces/{namespace}/roles`,
    parameter: 'role',
    params: schemas.namespaceParams,
    scope: 'project',
    type: iamTypes.roles,
    namespaceOf: ({ namespace = '' }) => namespace,
    belongs: () => true,
  },
];

/** The roles of the four levels, to read. */
export function roleRoutes(parts: IamParts): Route[] {
  return apis.flatMap((api) => [listRoute(parts, api), readRoute(parts, api)]);
}

function listRoute({ views }: IamParts, api: RoleApi): Route {
  return defineRoute({
    method: 'GET',
    path: api.collection,
    scope: api.scope,
    permission: { by: 'rbac' },
    tag: 'Roles',
    summary: `List the roles of a ${api.scope}`,
    params: api.params,
    query: schemas.listParameters,
    responses: { 200: schemas.listOfObjects },
    handle: ({ params, query }) => {
      const values = params as PathValues; // path parameters are text
      const view = views.of(api.type);
      const rows = [...view.rows(api.namespaceOf(values) || undefined)].filter((row) => api.belongs(row, values));
      const filters = { aggregateTo: aggregatesTo((name) => view.get(api.namespaceOf(values), name)) };
      return new JsonBytes(pageBytes(listRows(rows, listQuery(query), { filters })));
    },
  });
}

/** Leaves the templates that a role is made of. */
function aggregatesTo(find: (name: string) => Row | undefined): Filter {
  return (value) => {
    const role = find(value)?.object();
    const names = new Set(namesIn(role?.metadata.annotations?.[annotations.aggregationRoles]));
    return (row) => names.has(row.name);
  };
}

function readRoute({ views }: IamParts, api: RoleApi): Route {
  return defineRoute({
    method: 'GET',
    path: `${api.collection}/{${api.parameter}}`,
    scope: api.scope,
    permission: { by: 'rbac' },
    tag: 'Roles',
    summary: `Read a role of a ${api.scope}`,
    params: Type.Object({ ...api.params.properties, [api.parameter]: Type.String() }),
    responses: { 200: schemas.object },
    handle: ({ params }) => {
      const values = params as PathValues; // path parameters are text
      const name = values[api.parameter] ?? '';
      const row = views.of(api.type).get(api.namespaceOf(values), name);
      if (row && api.belongs(row, values)) return new JsonBytes(row.json);
      const details = { group: api.type.group, kind: api.type.plural, name };
      throw new ApiError('NotFound', `${api.type.plural} "${name}" not found`, { details });
    },
  });
}
