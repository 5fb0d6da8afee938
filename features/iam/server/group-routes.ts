import { JsonBytes, defineRoute } from '@kit/http';
import type { Route, User } from '@kit/http';
import type { ResourceType, Row } from '@kit/kube';
import { listQuery, listRows, pageBytes } from '@kit/kube/listing';
import type { Filter } from '@kit/kube/listing';
import { Type } from 'typebox';
import { iamTypes, labels } from '../contract/index.ts';
import type { GroupBindingObject } from '../contract/index.ts';
import { addGroupMembers, removeGroupMember } from './group-binding-store.ts';
import { createGroup, deleteGroup, groupRow, patchGroup, replaceGroup } from './group-store.ts';
import type { GroupRequest } from './group-store.ts';
import type { IamParts } from './parts.ts';
import * as schemas from './schemas.ts';

const workspacePath = '/kapis/iam.kubesphere.io/v1alpha2/workspaces/{workspace}';
const rbac = { scope: 'workspace', permission: { by: 'rbac' }, tag: 'Groups' } as const;
const groupParams = Type.Object({ workspace: Type.String(), group: Type.String() });

/** Groups of people in a workspace, and who is in them. */
export function groupRoutes(parts: IamParts): Route[] {
  return [...collectionRoutes(parts), ...itemRoutes(parts), ...groupBindingRoutes(parts)];
}

/** One page of the objects that a workspace has of a kind. */
export function workspacePage(
  { views }: IamParts,
  type: ResourceType,
  {
    workspace,
    query,
    filters = {},
  }: { workspace: string; query: schemas.ListValues; filters?: Record<string, Filter> },
): JsonBytes {
  const rows = [...views.of(type).rows()].filter((row) => row.labels[labels.workspace] === workspace);
  return new JsonBytes(pageBytes(listRows(rows, listQuery(query), { filters })));
}

function about({ user, params }: { user: User; params: { workspace: string; group: string } }): GroupRequest {
  return { caller: user, ...params };
}

function collectionRoutes(parts: IamParts): Route[] {
  const all = { ...rbac, path: `${workspacePath}/groups`, params: schemas.workspaceParams } as const;
  return [
    defineRoute({
      ...all,
      method: 'GET',
      summary: 'List the groups of a workspace',
      query: schemas.listParameters,
      responses: { 200: schemas.listOfObjects },
      handle: ({ params, query }) =>
        workspacePage(parts, iamTypes.groups, { workspace: params.workspace, query, filters: parentFilter }),
    }),
    defineRoute({
      ...all,
      method: 'POST',
      summary: 'Create a group',
      body: schemas.groupBody,
      responses: { 200: schemas.object },
      handle: ({ user, params, body }) => createGroup(parts, { caller: user, workspace: params.workspace }, body),
    }),
  ];
}

const parentFilter: Record<string, Filter> = {
  parent: (value) => (row) => (row.labels[labels.groupParent] ?? 'root') === value,
};

function itemRoutes(parts: IamParts): Route[] {
  const one = { ...rbac, path: `${workspacePath}/groups/{group}`, params: groupParams } as const;
  return [
    defineRoute({
      ...one,
      method: 'GET',
      summary: 'Read a group',
      responses: { 200: schemas.object },
      handle: ({ params }) => new JsonBytes(groupRow(parts.views, params.workspace, params.group).json),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      summary: 'Replace a group',
      body: schemas.groupBody,
      responses: { 200: schemas.object },
      handle: (request) => replaceGroup(parts, about(request), request.body),
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      summary: 'Change a group by a merge patch',
      body: schemas.metadataPatch,
      responses: { 200: schemas.object },
      handle: (request) => patchGroup(parts, about(request), request.body),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      summary: 'Delete a group, its members and its roles',
      responses: { 200: schemas.success },
      handle: async (request) => {
        await deleteGroup(parts, about(request));
        return { message: 'success' };
      },
    }),
  ];
}

const userFilter: Record<string, Filter> = {
  user: (value) => (row) => (row as Row<GroupBindingObject>).object().users?.includes(value), // the list is made from the view of group bindings
};

function groupBindingRoutes(parts: IamParts): Route[] {
  const all = { ...rbac, path: `${workspacePath}/groupbindings`, params: schemas.workspaceParams } as const;
  return [
    defineRoute({
      ...all,
      method: 'GET',
      summary: 'List who is in the groups of a workspace',
      query: schemas.listParameters,
      responses: { 200: schemas.listOfObjects },
      handle: ({ params, query }) =>
        workspacePage(parts, iamTypes.groupBindings, { workspace: params.workspace, query, filters: userFilter }),
    }),
    defineRoute({
      ...all,
      method: 'POST',
      summary: 'Put people into groups',
      body: schemas.groupMembers,
      responses: { 200: schemas.objects },
      handle: ({ user, params, body }) => addGroupMembers(parts, { caller: user, workspace: params.workspace }, body),
    }),
    defineRoute({
      ...all,
      method: 'DELETE',
      path: `${workspacePath}/groupbindings/{groupbinding}`,
      summary: 'Take a person out of a group',
      params: Type.Object({ workspace: Type.String(), groupbinding: Type.String() }),
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        await removeGroupMember(parts, { caller: user, workspace: params.workspace, name: params.groupbinding });
        return { message: 'success' };
      },
    }),
  ];
}
