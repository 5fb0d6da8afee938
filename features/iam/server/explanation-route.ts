import { ApiError } from '@kit/base';
import { defineRoute } from '@kit/http';
import type { Route, User } from '@kit/http';
import type { View, Views } from '@kit/kube';
import { Type } from 'typebox';
import { authenticatedGroup, iamGroup } from '../contract/index.ts';
import type { AttributesQuery, UserObject } from '../contract/index.ts';
import type { AuthorizationIndex } from './authorization-index.ts';
import { explain } from './explain.ts';

const text = Type.Optional(Type.String({ maxLength: 253 }));

const question = Type.Object({
  verb: Type.String({ minLength: 1, maxLength: 63 }),
  resource: Type.String({ minLength: 1, maxLength: 253 }),
  group: text,
  subresource: text,
  workspace: text,
  namespace: text,
  name: text,
  /** Whose access is meant; the caller's own unless said. */
  user: text,
});

const remedy = Type.Object({
  kind: Type.String(),
  role: Type.String(),
  aliasName: Type.Optional(Type.String()),
  workspace: Type.Optional(Type.String()),
  namespace: Type.Optional(Type.String()),
  mayGrant: Type.Array(Type.String()),
});

const explanation = Type.Object({
  user: Type.String(),
  allowed: Type.Boolean(),
  reason: Type.String(),
  binding: Type.Optional(Type.String()),
  role: Type.Optional(Type.String()),
  remedies: Type.Array(remedy),
});

interface Parts {
  readonly index: AuthorizationIndex;
  readonly views: Views;
  readonly users: View<UserObject>;
}

/** Who may see the members of a place may ask about them. */
function askAbout(index: AuthorizationIndex, caller: User, { workspace, namespace }: AttributesQuery): void {
  const resource = namespace ? 'members' : workspace ? 'workspacemembers' : 'clustermembers';
  const place = namespace ? { namespace } : workspace ? { workspace } : {};
  index.check(caller, { verb: 'list', group: iamGroup, resource, ...place });
}

function subjectOf({ users }: Parts, name: string): User {
  const found = users.get('', name);
  if (!found) throw new ApiError('NotFound', `there is no user "${name}"`, { details: { kind: 'users', name } });
  return { name, groups: [authenticatedGroup, ...(found.object().spec.groups ?? [])] };
}

/** Whether somebody has a role where the question is about: only they are told the names of others there. */
function isThere(index: AuthorizationIndex, user: User, { workspace, namespace }: AttributesQuery): boolean {
  const place = workspace || (namespace && index.workspaceOf(namespace));
  if (namespace && index.namespacesOf(user).includes(namespace)) return true;
  if (place && index.workspacesOf(user).includes(place)) return true;
  return index.decide(user, { verb: 'list', group: iamGroup, resource: 'clustermembers' }).allowed;
}

/** Why may somebody do something, and if not: by which role could they, and who gives it? */
export function explanationRoute(parts: Parts): Route {
  return defineRoute({
    method: 'GET',
    path: '/kapis/iam.freehold.io/v1alpha1/access-explanations',
    scope: 'none',
    permission: {
      by: 'signedIn',
      why: 'answers about the caller, and about others only to those who may see the members of the place',
    },
    summary: 'Explain why a user may do something, or which roles would allow it and who may grant them',
    tag: 'Access',
    query: question,
    responses: { 200: explanation },
    handle: ({ user: caller, query: { user: about, ...query } }) => {
      const isOther = about !== undefined && about !== caller.name;
      if (isOther) askAbout(parts.index, caller, query);
      const subject = isOther ? subjectOf(parts, about) : caller;
      const { remedies, ...decision } = explain(parts, subject, query);
      const shown = isThere(parts.index, caller, query)
        ? remedies
        : remedies.map((remedyFor) => ({ ...remedyFor, mayGrant: [] }));
      return { user: subject.name, ...decision, remedies: shown };
    },
  });
}
