import { defineRoute, type Permission, type Route } from '@kit/http';
import { Type } from 'typebox';
import { seenAnnotation, type AccessRequest } from '../../contract/index.ts';
import * as schemas from '../schemas.ts';
import {
  decide,
  makeRequest,
  markSeen,
  mayDecide,
  requestFor,
  visibleRequests,
  withdraw,
  type RequestParts,
} from './request-store.ts';

const collection = '/kapis/iam.freehold.io/v1alpha1/accessrequests';
const tag = 'Access';
const ownName: Permission = { by: 'signedIn', why: 'a request is made in the caller’s own name, and gives nothing' };
const ownOrDeciding: Permission = {
  by: 'signedIn',
  why: 'answers only with requests of the caller, and those of places in which they make members',
};

const asked = Type.Object(
  {
    workspace: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
    namespace: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
    role: Type.String({ minLength: 1, maxLength: 253 }),
    reason: Type.Optional(Type.String({ maxLength: 1000 })),
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 8784 })),
  },
  { additionalProperties: false },
);
const params = Type.Object({ request: Type.String() });
const verdict = Type.Object({ approve: Type.Boolean(), comment: Type.Optional(Type.String({ maxLength: 1000 })) });
const notice = Type.Object({
  kind: Type.Union([
    Type.Literal('toDecide'),
    Type.Literal('approved'),
    Type.Literal('denied'),
    Type.Literal('expired'),
  ]),
  request: Type.Unknown(),
});

type Notice = { readonly kind: 'toDecide' | 'approved' | 'denied' | 'expired'; readonly request: AccessRequest };
const outcomes = { Approved: 'approved', Denied: 'denied', Expired: 'expired' } as const;

function collectionRoutes(parts: RequestParts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: collection,
      scope: 'none',
      permission: ownOrDeciding,
      summary: 'List requests for roles: one’s own, and those one may decide',
      tag,
      query: Type.Object({ phase: Type.Optional(Type.String()), mine: Type.Optional(Type.Boolean()) }),
      responses: { 200: schemas.objectList },
      handle: async ({ user, query: { phase, mine } }) => {
        const items = (await visibleRequests(parts, user)).filter(
          ({ spec, status }) =>
            (phase === undefined || (status?.phase ?? 'Pending') === phase) &&
            (mine === undefined || (spec.user === user.name) === mine),
        );
        return { items, totalItems: items.length };
      },
    }),
    defineRoute({
      method: 'POST',
      path: collection,
      scope: 'none',
      permission: ownName,
      summary: 'Ask for a role in a workspace or project',
      tag,
      body: asked,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, body }) => makeRequest(parts, user, body),
    }),
  ];
}

function itemRoutes(parts: RequestParts): Route[] {
  const one = { scope: 'none', permission: ownOrDeciding, tag, params } as const;
  const path = `${collection}/{request}`;
  return [
    defineRoute({
      ...one,
      method: 'GET',
      path,
      summary: 'Read a request for a role',
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params: { request } }) => requestFor(parts, user, request),
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      path,
      summary: 'Take back a request that is not decided',
      responses: { 200: schemas.success },
      handle: async ({ user, params: { request } }) => {
        await withdraw(parts, user, request);
        return { message: 'success' as const };
      },
    }),
    defineRoute({
      ...one,
      method: 'POST',
      path: `${path}/decision`,
      summary: 'Approve or deny a request for a role',
      body: verdict,
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params: { request: name }, body }) => decide(parts, user, { name, ...body }),
    }),
    defineRoute({
      ...one,
      method: 'POST',
      path: `${path}/seen`,
      summary: 'Mark the answer to one’s own request as read',
      responses: { 200: schemas.kubeObject },
      handle: ({ user, params: { request } }) => markSeen(parts, user, request),
    }),
  ];
}

/** What waits for the caller: requests to decide, and answers they have not read. */
function noticeRoute(parts: RequestParts): Route {
  return defineRoute({
    method: 'GET',
    path: '/kapis/iam.freehold.io/v1alpha1/notices',
    scope: 'none',
    permission: ownOrDeciding,
    summary: 'List what waits for the caller: requests to decide, and answers not read yet',
    tag,
    responses: { 200: Type.Object({ items: Type.Array(notice), totalItems: Type.Integer() }) },
    handle: async ({ user }) => {
      const items = (await visibleRequests(parts, user)).flatMap((request): Notice[] => {
        const phase = request.status?.phase ?? 'Pending';
        if (phase === 'Pending') return mayDecide(parts, user, request) ? [{ kind: 'toDecide', request }] : [];
        const isUnread = request.spec.user === user.name && !request.metadata.annotations?.[seenAnnotation];
        return isUnread ? [{ kind: outcomes[phase], request }] : [];
      });
      return { items, totalItems: items.length };
    },
  });
}

/** Asking for a role, and deciding on it. */
export function requestRoutes(parts: RequestParts): Route[] {
  return [...collectionRoutes(parts), ...itemRoutes(parts), noticeRoute(parts)];
}
