import { defineRoute } from '@kit/http';
import type { Route, Scope } from '@kit/http';
import type { Views } from '@kit/kube';
import { Type } from 'typebox';
import type { TObject } from 'typebox';
import { clusterPlace, projectPlace, workspacePlace } from './member-place.ts';
import type { MemberPlace } from './member-place.ts';
import { memberPage, putMembers, readMember, removeMember, rolesIn } from './member-store.ts';
import type { IamParts } from './parts.ts';
import { devopsNamespace } from './role-levels.ts';
import type { PathValues } from './role-levels.ts';
import { templatesOf } from './role-templates.ts';
import * as schemas from './schemas.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';

/** One of the member APIs: the same routes at another place. */
interface MemberApi {
  readonly collection: string;
  /** The name of the path parameter for one member. */
  readonly parameter: string;
  readonly params: TObject;
  readonly scope: Scope;
  /** The last part of the path to the templates of a member's role. */
  readonly roles: string;
  readonly placeOf: (params: PathValues, views: Views) => MemberPlace;
}

const workspaceMembers: MemberApi = {
  collection: `${iam}/workspaces/{workspace}/workspacemembers`,
  parameter: 'workspacemember',
  params: schemas.workspaceParams,
  scope: 'workspace',
  roles: 'workspaceroles',
  placeOf: ({ workspace = '' }) => workspacePlace(workspace),
};
const projectMembers: MemberApi = {
  collection: `${iam}/namespaces/{namespace}/members`,
  parameter: 'member',
  params: schemas.namespaceParams,
  scope: 'project',
  roles: 'roles',
  placeOf: ({ namespace = '' }) => projectPlace(namespace),
};
const clusterMembers: MemberApi = {
  collection: `${iam}/clustermembers`,
  parameter: 'clustermember',
  params: Type.Object({}),
  scope: 'cluster',
  roles: 'clusterroles',
  placeOf: () => clusterPlace,
};

const devopsMembers: MemberApi = {
  ...projectMembers,
  collection: `${iam}/devops/{devops}/members`,
  params: schemas.devopsParams,
  placeOf: ({ devops = '' }, views) => projectPlace(devopsNamespace(views, devops)),
};

/** The members of workspaces, projects, DevOps projects and the cluster. */
export function memberRoutes(parts: IamParts): Route[] {
  return [workspaceMembers, projectMembers, devopsMembers, clusterMembers].flatMap((api) => [
    ...collectionRoutes(parts, api),
    ...itemRoutes(parts, api),
  ]);
}

function common({ scope }: MemberApi): Pick<Route, 'scope' | 'permission' | 'tag'> {
  return { scope, permission: { by: 'rbac' }, tag: 'Members' };
}

function collectionRoutes(parts: IamParts, api: MemberApi): Route[] {
  return [
    defineRoute({
      ...common(api),
      method: 'GET',
      path: api.collection,
      summary: `List the members of a ${api.scope}`,
      params: api.params,
      query: schemas.listParameters,
      responses: { 200: schemas.listOfObjects },
      handle: ({ params, query }) => memberPage(parts, api.placeOf(params as PathValues, parts.views), query), // path parameters are text
    }),
    defineRoute({
      ...common(api),
      method: 'POST',
      path: api.collection,
      summary: `Make users members of a ${api.scope}`,
      params: api.params,
      body: schemas.members,
      responses: { 200: schemas.members },
      handle: async ({ user, params, body }) => {
        await putMembers(parts, api.placeOf(params as PathValues, parts.views), { caller: user, members: body }); // path parameters are text
        return body;
      },
    }),
  ];
}

function itemRoutes(parts: IamParts, api: MemberApi): Route[] {
  const path = `${api.collection}/{${api.parameter}}`;
  const params = Type.Object({ ...api.params.properties, [api.parameter]: Type.String() });
  const one = { ...common(api), path, params } as const;
  const read = (given: unknown): { place: MemberPlace; name: string } => {
    const values = given as PathValues; // path parameters are text
    return { place: api.placeOf(values, parts.views), name: values[api.parameter] ?? '' };
  };
  return [
    defineRoute({
      ...one,
      method: 'GET',
      summary: 'Read a member',
      responses: { 200: schemas.object },
      handle: (request) => {
        const { place, name } = read(request.params);
        return readMember(parts, place, name);
      },
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      summary: 'Give a member another role',
      body: schemas.member,
      responses: { 200: schemas.member },
      handle: async (request) => {
        const { place, name } = read(request.params);
        const member = { ...request.body, username: name };
        await readMember(parts, place, name);
        await putMembers(parts, place, { caller: request.user, members: [member] });
        return member;
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      summary: 'Remove a member',
      responses: { 200: schemas.success },
      handle: async (request) => {
        const { place, name } = read(request.params);
        await removeMember(parts, place, { caller: request.user, userName: name });
        return { message: 'success' };
      },
    }),
    defineRoute({
      ...one,
      method: 'GET',
      path: `${path}/${api.roles}`,
      summary: 'List the role templates that make up a member’s role',
      responses: { 200: schemas.objects },
      handle: (request) => {
        const { place, name } = read(request.params);
        const templates = rolesIn(parts, place, name).flatMap((role) =>
          templatesOf(parts.views, place.roleType, { namespace: place.namespace, name: role }),
        );
        return [...new Map(templates.map((template) => [template.metadata.name, template])).values()];
      },
    }),
  ];
}
