import { defineRoute } from '@kit/http';
import type { Route, User } from '@kit/http';
import { listQuery, listRows } from '@kit/kube/listing';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { iamTypes, labels } from '../contract/index.ts';
import type { LoginRecordObject, UserObject } from '../contract/index.ts';
import { changePassword } from './change-password.ts';
import { globalRoleOf } from './global-role.ts';
import type { AboutUser, IamParts } from './parts.ts';
import { templatesOf } from './role-templates.ts';
import * as schemas from './schemas.ts';
import { userPage } from './user-list.ts';
import { scopedUsers } from './user-scope.ts';
import { createUser, deleteUser, replaceUser, shownUser } from './user-store.ts';

const tag = 'Users';
const collection = '/kapis/iam.kubesphere.io/v1alpha2/users';
const item = `${collection}/{user}`;
const rbac = { scope: 'platform', permission: { by: 'rbac' }, tag } as const;

/** What the routes of users need beside what all share: how a person whom an identity provider vouches for gets an account. */
export interface UserRouteParts extends IamParts {
  readonly register: (ticket: string, body: Static<typeof schemas.userBody>) => Promise<UserObject>;
}

/** Users of the platform: iam.kubesphere.io/v1alpha2. */
export function userRoutes(parts: UserRouteParts): Route[] {
  return [...collectionRoutes(parts), ...itemRoutes(parts), ...userPartRoutes(parts)];
}

function about(request: {
  readonly user: User;
  readonly params: { readonly user: string };
  readonly sourceIp: string;
}): AboutUser {
  return { caller: request.user, name: request.params.user, sourceIp: request.sourceIp };
}

function collectionRoutes(parts: UserRouteParts): Route[] {
  return [
    defineRoute({
      ...rbac,
      method: 'GET',
      path: collection,
      summary: 'List users',
      query: schemas.listParameters,
      responses: { 200: schemas.listOfObjects },
      handle: ({ user, query }) => userPage(parts, scopedUsers(parts, user, query)),
    }),
    defineRoute({
      ...rbac,
      method: 'POST',
      path: collection,
      summary: 'Create a user',
      body: schemas.userBody,
      responses: { 200: schemas.object },
      handle: ({ user, body }) => {
        const ticket = user.extra?.['registration']?.[0];
        return ticket === undefined ? createUser(parts, user, body) : parts.register(ticket, body);
      },
    }),
  ];
}

function itemRoutes(parts: IamParts): Route[] {
  const one = { ...rbac, path: item, params: schemas.userParams } as const;
  return [
    defineRoute({
      ...one,
      method: 'GET',
      summary: 'Read a user',
      responses: { 200: schemas.object },
      handle: async ({ params }) =>
        shownUser(parts, await parts.kube.get<UserObject>(iamTypes.users, { name: params.user })),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      summary: 'Replace a user',
      body: schemas.userBody,
      responses: { 200: schemas.object },
      handle: (request) => replaceUser(parts, about(request), request.body),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      summary: 'Delete a user and everything they were bound to',
      responses: { 200: schemas.success },
      handle: async (request) => {
        await deleteUser(parts, about(request));
        return { message: 'success' };
      },
    }),
  ];
}

function userPartRoutes(parts: IamParts): Route[] {
  const one = { ...rbac, params: schemas.userParams } as const;
  return [
    defineRoute({
      ...one,
      method: 'PUT',
      path: `${item}/password`,
      summary: 'Change a password; the user’s other sessions end',
      body: Type.Object({
        currentPassword: Type.Optional(Type.String({ maxLength: 1024 })),
        password: Type.String({ maxLength: 1024 }),
      }),
      responses: { 200: schemas.success },
      handle: async (request) => {
        await changePassword(parts, about(request), request.body);
        return { message: 'success' };
      },
    }),
    defineRoute({
      ...one,
      method: 'GET',
      path: `${item}/globalroles`,
      summary: 'List the role templates that make up a user’s platform role',
      responses: { 200: schemas.objects },
      handle: ({ params }) => {
        const role = globalRoleOf(parts, params.user);
        return role === undefined ? [] : templatesOf(parts.views, iamTypes.globalRoles, { name: role });
      },
    }),
    defineRoute({
      ...one,
      method: 'GET',
      path: `${item}/loginrecords`,
      summary: 'List a user’s sign-ins',
      query: schemas.listParameters,
      responses: { 200: schemas.listOfObjects },
      handle: ({ params, query }) => {
        const view = parts.views.of<LoginRecordObject>(iamTypes.loginRecords);
        const own = [...view.rows()].filter((row) => row.labels[labels.userRef] === params.user);
        const { rows, totalItems } = listRows(own, listQuery(query));
        return { items: rows.map((row) => row.object()), totalItems };
      },
    }),
  ];
}
