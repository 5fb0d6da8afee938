import type { Access } from '@feature/iam/contract';
import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import type { Row } from '@kit/kube';
import { tenancyTypes } from '../contract/index.ts';
import { listPage } from './list-page.ts';
import type { TenancyParts } from './ports.ts';
import * as schemas from './schemas.ts';
import { createWorkspace, deleteWorkspace, getWorkspace, patchWorkspace, replaceWorkspace } from './workspace-store.ts';

const tag = 'Workspaces';
const tenant = '/kapis/tenant.kubesphere.io';

const seesOwn: Permission = {
  by: 'signedIn',
  why: 'answers only with workspaces in which a role of the caller allows it, or a binding of theirs exists',
};
const inWorkspace: Permission = {
  by: 'signedIn',
  why: 'the handler asks for the right on this very workspace, in which members have their roles',
};

/** All workspaces for those who may list them, else those in which the user has a binding. */
function visibleWorkspaces(
  { access, views }: Pick<TenancyParts, 'access' | 'views'>,
  user: User,
  plural: 'workspaces' | 'workspaceTemplates',
): Iterable<Row> {
  const type = tenancyTypes[plural];
  const view = views.of(type);
  if (access.decide(user, { verb: 'list', group: type.group, resource: 'workspaces' }).allowed) return view.rows();
  return access.workspacesOf(user).flatMap((name) => view.get('', name) ?? []);
}

function collectionRoutes(parts: TenancyParts, collection: string): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: collection,
      scope: 'platform',
      permission: seesOwn,
      summary: 'List the workspaces the caller may see',
      tag,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: ({ user, query }) => listPage(visibleWorkspaces(parts, user, 'workspaceTemplates'), query),
    }),
    defineRoute({
      method: 'POST',
      path: collection,
      scope: 'platform',
      permission: { by: 'rbac' },
      summary: 'Create a workspace',
      tag,
      body: schemas.workspaceBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, body }) => createWorkspace(parts, user, body),
    }),
  ];
}

const one = { scope: 'workspace', permission: inWorkspace, tag, params: schemas.workspaceParams } as const;

/** Asks for a right on one workspace, where the roles of its members count. */
function ask(access: Access, user: User, right: { verb: string; workspace: string }): void {
  const { group } = tenancyTypes.workspaces;
  access.enter(user, right.workspace, { ...right, group, resource: 'workspaces', name: right.workspace });
}

function readRoutes({ kube, access }: TenancyParts, path: string): Route[] {
  return [
    defineRoute({
      ...one,
      method: 'GET',
      path,
      summary: 'Read a workspace',
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params: { workspace } }) => {
        ask(access, user, { verb: 'get', workspace });
        return getWorkspace(kube, workspace);
      },
    }),
  ];
}

function writeRoutes(parts: TenancyParts, path: string): Route[] {
  const { kube, access } = parts;
  return [
    defineRoute({
      ...one,
      method: 'PUT',
      path,
      summary: 'Replace a workspace',
      body: schemas.workspaceBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params: { workspace }, body }) => {
        ask(access, user, { verb: 'update', workspace });
        return replaceWorkspace(parts, { user, name: workspace }, body);
      },
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      path,
      summary: 'Change parts of a workspace',
      body: schemas.patchBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params: { workspace }, body }) => {
        ask(access, user, { verb: 'patch', workspace });
        return patchWorkspace(parts, { user, name: workspace }, body);
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      path,
      summary: 'Delete a workspace and its projects',
      query: schemas.deleteQuery,
      body: schemas.deleteBody,
      responses: { 200: schemas.success },
      handle: async ({ user, params: { workspace }, query, body }) => {
        ask(access, user, { verb: 'delete', workspace });
        await deleteWorkspace(kube, workspace, { ...body, dryRun: query.dryRun === 'All' });
        return { message: 'success' as const };
      },
    }),
  ];
}

/** The routes of workspaces under one of the two paths KubeSphere serves them at. */
function crudRoutes(parts: TenancyParts, collection: string): Route[] {
  const item = `${collection}/{workspace}`;
  return [...collectionRoutes(parts, collection), ...readRoutes(parts, item), ...writeRoutes(parts, item)];
}

/** What a cluster has of the workspaces: KubeSphere's read-only `Workspace` objects. */
function workspaceReads(parts: TenancyParts): Route[] {
  const { kube, access } = parts;
  return [
    defineRoute({
      method: 'GET',
      path: `${tenant}/v1alpha3/workspaces`,
      scope: 'platform',
      permission: seesOwn,
      summary: 'List the workspaces of this cluster that the caller may see',
      tag,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: ({ user, query }) => listPage(visibleWorkspaces(parts, user, 'workspaces'), query),
    }),
    defineRoute({
      method: 'GET',
      path: `${tenant}/v1alpha3/workspaces/{workspace}`,
      scope: 'workspace',
      permission: inWorkspace,
      summary: 'Read a workspace of this cluster',
      tag,
      params: schemas.workspaceParams,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params }) => {
        access.enter(user, params.workspace);
        return kube.get(tenancyTypes.workspaces, { name: params.workspace });
      },
    }),
  ];
}

export function workspaceRoutes(parts: TenancyParts): Route[] {
  return [
    ...crudRoutes(parts, `${tenant}/v1alpha2/workspaces`),
    ...crudRoutes(parts, `${tenant}/v1alpha3/workspacetemplates`),
    ...workspaceReads(parts),
  ];
}
