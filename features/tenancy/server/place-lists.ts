import { iamGroup, labels, type Access } from '@feature/iam/contract';
import { ApiError, isApiError } from '@kit/base';
import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import type { KubeObject, ResourceType } from '@kit/kube';
import { listQuery, type QueryValues } from '@kit/kube/listing';
import { Type } from 'typebox';
import { userNamed } from './user-named.ts';
import { tenancyTypes } from '../contract/index.ts';
import type { TenancyParts } from './ports.ts';
import * as schemas from './schemas.ts';

const tenant = '/kapis/tenant.kubesphere.io/v1alpha2';
const seesOwn: Permission = {
  by: 'signedIn',
  why: 'answers only with what is in workspaces of the caller, in which a role of theirs counts',
};
const devopsProjects: ResourceType = {
  group: 'devops.kubesphere.io',
  version: 'v1alpha3',
  kind: 'DevOpsProject',
  plural: 'devopsprojects',
  namespaced: false,
};

interface List {
  readonly items: readonly KubeObject[];
  readonly totalItems: number;
}

const filterTests: Readonly<Record<string, (name: string, value: string) => boolean>> = {
  name: (name, value) => name.includes(value),
  names: (name, value) => value.split(',').includes(name),
};

function isLeftBy(filters: ReadonlyMap<string, string>, name: string): boolean {
  return [...filters].every(([key, value]) => {
    const test = filterTests[key];
    if (!test) throw new ApiError('BadRequest', `"${key}" is not a filter of this list; known are name, names`);
    return test(name, value);
  });
}

function pageOf(objects: readonly KubeObject[], query: QueryValues): List {
  const { filters, limit = objects.length, offset, ascending } = listQuery(query);
  isLeftBy(filters, ''); // a filter that is not known is refused by an empty list, too
  const found = objects
    .filter(({ metadata }) => isLeftBy(filters, metadata.name))
    .sort((left, right) => (ascending ? 1 : -1) * (left.metadata.name < right.metadata.name ? -1 : 1));
  return { items: found.slice(offset, offset + limit), totalItems: found.length };
}

/** The DevOps projects of a workspace; a cluster that does not know the kind has none. */
async function devopsOf({ kube }: TenancyParts, workspace: string): Promise<KubeObject[]> {
  try {
    const selector = { labelSelector: `${labels.workspace}=${workspace}` };
    return (await kube.list(devopsProjects, selector)).items;
  } catch (error) {
    if (isApiError(error, 'NotFound')) return [];
    throw error;
  }
}

async function devopsFor(parts: TenancyParts, user: User, workspace: string): Promise<KubeObject[]> {
  const all = await devopsOf(parts, workspace);
  const right = { verb: 'list', group: 'devops.kubesphere.io', resource: 'devops', workspace };
  if (parts.access.decide(user, right).allowed) return all;
  const own = new Set(parts.access.namespacesOf(user));
  return all.filter(({ metadata }) => own.has(metadata.name));
}

/** Asks for the right to see what another member sees; one's own needs none. */
function askAbout(access: Access, user: User, { workspace, member }: { workspace: string; member: string }): void {
  if (member === user.name) return void access.enter(user, workspace);
  access.enter(user, workspace, {
    verb: 'get',
    group: iamGroup,
    resource: 'workspacemembers',
    name: member,
    workspace,
  });
}

function devopsRoutes(parts: TenancyParts): Route[] {
  const common = { method: 'GET', scope: 'workspace', permission: seesOwn, tag: 'Projects' } as const;
  return [
    defineRoute({
      ...common,
      path: `${tenant}/workspaces/{workspace}/devops`,
      summary: 'List the DevOps projects of a workspace that the caller may see',
      params: schemas.workspaceParams,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: async ({ user, params: { workspace }, query }) => {
        parts.access.enter(user, workspace);
        return pageOf(await devopsFor(parts, user, workspace), query);
      },
    }),
    defineRoute({
      ...common,
      path: `${tenant}/workspaces/{workspace}/workspacemembers/{member}/devops`,
      summary: 'List the DevOps projects of a workspace that one of its members may see',
      params: schemas.memberParams,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: async ({ user, params, query }) => {
        askAbout(parts.access, user, params);
        const whose = params.member === user.name ? user : await userNamed(parts.kube, params.member);
        return pageOf(await devopsFor(parts, whose, params.workspace), query);
      },
    }),
  ];
}

/** There are no federated namespaces: a project lives in one cluster, and so every list of them is empty. */
function federatedRoutes({ access }: TenancyParts): Route[] {
  const empty = { items: [], totalItems: 0 };
  const common = {
    method: 'GET',
    permission: seesOwn,
    tag: 'Projects',
    responses: { 200: schemas.objectList },
  } as const;
  return [
    defineRoute({
      ...common,
      path: `${tenant}/federatednamespaces`,
      scope: 'platform',
      summary: 'List the projects that span clusters: there are none',
      query: schemas.listParameters,
      handle: () => empty,
    }),
    defineRoute({
      ...common,
      path: `${tenant}/workspaces/{workspace}/federatednamespaces`,
      scope: 'workspace',
      summary: 'List the projects of a workspace that span clusters: there are none',
      params: schemas.workspaceParams,
      query: schemas.listParameters,
      handle: ({ user, params }) => {
        access.enter(user, params.workspace);
        return empty;
      },
    }),
  ];
}

/** The cluster that serves this, as a Cluster object of KubeSphere. */
export function ownCluster(name: string): KubeObject {
  return {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels: { 'cluster-role.kubesphere.io/host': '' } },
  };
}

function clusterRoute({ access, views }: TenancyParts): Route {
  return defineRoute({
    method: 'GET',
    path: `${tenant}/clusters`,
    scope: 'platform',
    permission: seesOwn,
    summary: 'List the clusters on which the caller has a workspace or a role',
    tag: 'Workspaces',
    query: schemas.listParameters,
    responses: { 200: Type.Object({ items: Type.Array(Type.Unknown()), totalItems: Type.Integer() }) },
    handle: ({ user, query }) => {
      const { group } = tenancyTypes.workspaces;
      const sees =
        access.workspacesOf(user).length > 0 ||
        access.namespacesOf(user).length > 0 ||
        access.decide(user, { verb: 'list', group, resource: 'clusters' }).allowed;
      return pageOf(sees ? [ownCluster(views.name)] : [], query);
    },
  });
}

/** The lists of places that KubeSphere 3.4 has beside workspaces and projects. */
export function placeListRoutes(parts: TenancyParts): Route[] {
  return [...devopsRoutes(parts), ...federatedRoutes(parts), clusterRoute(parts)];
}
