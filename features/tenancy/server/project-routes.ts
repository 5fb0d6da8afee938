import { defineRoute, type Permission, type Route, type User } from '@kit/http';
import { listPage } from './list-page.ts';
import type { TenancyParts } from './ports.ts';
import {
  createProject,
  deleteProject,
  patchProject,
  projectFor,
  replaceProject,
  type ProjectRequest,
} from './project-store.ts';
import * as schemas from './schemas.ts';
import { userNamed } from './user-named.ts';
import { visibleAnywhere, visibleIn } from './visible-projects.ts';

const tag = 'Projects';
const tenant = '/kapis/tenant.kubesphere.io/v1alpha2';
const collection = `${tenant}/workspaces/{workspace}/namespaces`;

const seesOwn: Permission = {
  by: 'signedIn',
  why: 'the caller must be in the workspace, and sees all its projects or only those they have a role in',
};
const onProject: Permission = {
  by: 'signedIn',
  why: 'the handler asks for the right on the namespace itself, which its members have too',
};

function listRoutes(parts: TenancyParts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: collection,
      scope: 'workspace',
      permission: seesOwn,
      summary: 'List the projects of a workspace that the caller may see',
      tag,
      params: schemas.workspaceParams,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: ({ user, params, query }) => {
        parts.access.enter(user, params.workspace);
        return listPage(visibleIn(parts, user, params.workspace), query);
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${tenant}/workspaces/{workspace}/workspacemembers/{member}/namespaces`,
      scope: 'workspace',
      permission: seesOwn,
      summary: 'List the projects of a workspace that one of its members may see',
      tag,
      params: schemas.memberParams,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: async ({ user, params, query }) => {
        const { workspace, member } = params;
        if (member === user.name) parts.access.enter(user, workspace);
        else {
          const resource = { group: 'iam.kubesphere.io', resource: 'workspacemembers', name: member };
          parts.access.enter(user, workspace, { verb: 'get', ...resource, workspace });
        }
        const whose = member === user.name ? user : await userNamed(parts.kube, member);
        return listPage(visibleIn(parts, whose, workspace), query);
      },
    }),
    defineRoute({
      method: 'GET',
      path: `${tenant}/namespaces`,
      scope: 'platform',
      permission: { by: 'signedIn', why: 'answers only with namespaces in which a role of the caller counts' },
      summary: 'List the namespaces the caller may see',
      tag,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: ({ user, query }) => listPage(visibleAnywhere(parts, user), query),
    }),
  ];
}

function itemRoutes(parts: TenancyParts): Route[] {
  const request = (user: User, params: { workspace: string; namespace: string }): ProjectRequest => ({
    user,
    workspace: params.workspace,
    name: params.namespace,
  });
  const one = {
    path: `${collection}/{namespace}`,
    scope: 'project',
    permission: onProject,
    tag,
    params: schemas.projectParams,
  } as const;
  return [
    defineRoute({
      ...one,
      method: 'GET',
      summary: 'Read a project',
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params }) => projectFor(parts, request(user, params), 'get'),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      summary: 'Replace labels and annotations of a project',
      body: schemas.projectBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params, body }) => replaceProject(parts, request(user, params), body),
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      summary: 'Change labels and annotations of a project',
      body: schemas.patchBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params, body }) => patchProject(parts, request(user, params), body),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      summary: 'Delete a project and all that is in it',
      query: schemas.deleteQuery,
      body: schemas.deleteBody,
      responses: { 200: schemas.success },
      handle: async ({ user, params, query }) => {
        await deleteProject(parts, request(user, params), query.dryRun === 'All');
        return { message: 'success' as const };
      },
    }),
  ];
}

export function projectRoutes(parts: TenancyParts): Route[] {
  return [
    ...listRoutes(parts),
    defineRoute({
      method: 'POST',
      path: collection,
      scope: 'workspace',
      permission: { by: 'rbac' },
      summary: 'Create a project in a workspace',
      tag,
      params: schemas.workspaceParams,
      body: schemas.projectBody,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params, body }) => createProject(parts.kube, { user, workspace: params.workspace }, body),
    }),
    ...itemRoutes(parts),
  ];
}
