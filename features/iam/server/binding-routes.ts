import { JsonBytes, defineRoute } from '@kit/http';
import type { Route, User } from '@kit/http';
import type { Row } from '@kit/kube';
import { listQuery, listRows, pageBytes } from '@kit/kube/listing';
import type { Filter } from '@kit/kube/listing';
import { Type } from 'typebox';
import { iamTypes, labels } from '../contract/index.ts';
import type { BindingObject } from '../contract/index.ts';
import { createBindings, deleteBinding } from './binding-store.ts';
import type { BindingRequest } from './binding-store.ts';
import { workspacePage } from './group-routes.ts';
import { projectPlace, workspacePlace } from './member-place.ts';
import type { IamParts } from './parts.ts';
import * as schemas from './schemas.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';
const inWorkspace = { scope: 'workspace', permission: { by: 'rbac' }, tag: 'Groups' } as const;
const inProject = { scope: 'project', permission: { by: 'rbac' }, tag: 'Groups' } as const;

/** Roles bound to groups, in workspaces and in projects. */
export function bindingRoutes(parts: IamParts): Route[] {
  return [...listRoutes(parts), ...workspaceRoutes(parts), ...projectRoutes(parts)];
}

const filters: Record<string, Filter> = {
  rolename: (value) => (row) => (row as Row<BindingObject>).object().roleRef.name === value, // these lists are made from views of bindings
  user: (value) => (row) => row.labels[labels.userRef] === value,
  group: (value) => (row) => row.labels[labels.groupRef] === value,
};

function listRoutes(parts: IamParts): Route[] {
  const all = {
    ...inWorkspace,
    method: 'GET',
    params: schemas.workspaceParams,
    query: schemas.listParameters,
    responses: { 200: schemas.listOfObjects },
  } as const;
  return [
    defineRoute({
      ...all,
      path: `${iam}/workspaces/{workspace}/workspacerolebindings`,
      summary: 'List who has which role in a workspace',
      handle: ({ params, query }) =>
        workspacePage(parts, iamTypes.workspaceRoleBindings, { workspace: params.workspace, query, filters }),
    }),
    defineRoute({
      ...all,
      path: `${iam}/workspaces/{workspace}/rolebindings`,
      summary: 'List the roles that groups have in the projects of a workspace',
      handle: ({ params, query }) => {
        const rows = [...parts.views.of(iamTypes.roleBindings).rows()].filter(
          (row) => labels.groupRef in row.labels && parts.index.workspaceOf(row.namespace) === params.workspace,
        );
        return new JsonBytes(pageBytes(listRows(rows, listQuery(query), { filters })));
      },
    }),
  ];
}

function ofWorkspace(caller: User, workspace: string): BindingRequest {
  return { caller, workspace, place: workspacePlace(workspace) };
}

function workspaceRoutes(parts: IamParts): Route[] {
  const path = `${iam}/workspaces/{workspace}/workspacerolebindings`;
  return [
    defineRoute({
      ...inWorkspace,
      method: 'POST',
      path,
      summary: 'Give groups roles in a workspace',
      params: schemas.workspaceParams,
      body: schemas.roleBindings,
      responses: { 200: schemas.objects },
      handle: ({ user, params, body }) => createBindings(parts, ofWorkspace(user, params.workspace), body),
    }),
    defineRoute({
      ...inWorkspace,
      method: 'DELETE',
      path: `${path}/{rolebinding}`,
      summary: 'Take a role in a workspace away',
      params: Type.Object({ workspace: Type.String(), rolebinding: Type.String() }),
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        await deleteBinding(parts, ofWorkspace(user, params.workspace), params.rolebinding);
        return { message: 'success' };
      },
    }),
  ];
}

function ofProject({ index }: IamParts, caller: User, namespace: string): BindingRequest {
  return { caller, workspace: index.workspaceOf(namespace), place: projectPlace(namespace) };
}

function projectRoutes(parts: IamParts): Route[] {
  const path = `${iam}/namespaces/{namespace}/rolebindings`;
  return [
    defineRoute({
      ...inProject,
      method: 'POST',
      path,
      summary: 'Give groups roles in a project',
      params: schemas.namespaceParams,
      body: schemas.roleBindings,
      responses: { 200: schemas.objects },
      handle: ({ user, params, body }) => createBindings(parts, ofProject(parts, user, params.namespace), body),
    }),
    defineRoute({
      ...inProject,
      method: 'DELETE',
      path: `${path}/{rolebinding}`,
      summary: 'Take a role in a project away',
      params: Type.Object({ namespace: Type.String(), rolebinding: Type.String() }),
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        await deleteBinding(parts, ofProject(parts, user, params.namespace), params.rolebinding);
        return { message: 'success' };
      },
    }),
  ];
}
