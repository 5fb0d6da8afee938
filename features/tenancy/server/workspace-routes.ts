import type { Access } from '@feature/iam/contract';
import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import type { Row, Views } from '@kit/kube';
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
  access: Access,
  views: Views,
  user: User,
  plural: 'workspaces' | 'workspaceTemplates',
): Iterable<Row> {
  const type = tenancyTypes[plural];
  const view = views.of(type);
  if (access.decide(user, { verb: 'list', group: type.group, resource: 'workspaces' }).allowed) return view.rows();
  return access.workspacesOf(user).flatMap((name) => view.get('', name) ?? []);
}

/** The six routes of workspaces under one of the two paths KubeSphere serves them at. */
function crudRoutes({ kube, views, access }: TenancyParts, collection: string): Route[] {
  const item = `${collection}/{workspace}`;
  const asks = (user: User, workspace: string, verb: string): void =>
    void access.enter(user, workspace, {
      verb,
      group: tenancyTypes.workspaces.group,
      resource: 'workspaces',
      name: workspace,
      workspace,
    });
  const one = { scope: 'workspace', permission: inWorkspace, tag, params: schemas.workspaceParams } as const;
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
      handle: ({ user, query }) => listPage(visibleWorkspaces(access, views, user, 'workspaceTemplates'), query),
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
      handle: ({ user, body }) => createWorkspace(kube, user, body),
    }),
    defineRoute({
      ...one,
      method: 'GET',
      path: item,
      summary: 'Read a workspace',
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params }) => {
        asks(user, params.workspace, 'get');
        return getWorkspace(kube, params.workspace);
      },
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      path: item,
      summary: 'Replace a workspace',
      body: schemas.workspaceBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params, body }) => {
        asks(user, params.workspace, 'update');
        return replaceWorkspace(kube, params.workspace, body);
      },
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      path: item,
      summary: 'Change parts of a workspace',
      body: schemas.patchBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params, body }) => {
        asks(user, params.workspace, 'patch');
        return patchWorkspace(kube, params.workspace, body);
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      path: item,
      summary: 'Delete a workspace and its projects',
      body: schemas.deleteBody,
      responses: { 200: schemas.success },
      handle: async ({ user, params, body }) => {
        asks(user, params.workspace, 'delete');
        await deleteWorkspace(kube, params.workspace, body.propagationPolicy);
        return { message: 'success' as const };
      },
    }),
  ];
}

/** What a cluster has of the workspaces: KubeSphere's read-only `Workspace` objects. */
function workspaceReads({ kube, views, access }: TenancyParts): Route[] {
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
      handle: ({ user, query }) => listPage(visibleWorkspaces(access, views, user, 'workspaces'), query),
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
