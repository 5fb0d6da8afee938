import { defineRoute } from '@kit/http';
import type { Route } from '@kit/http';
import { Type } from 'typebox';
import type { Access } from '../contract/index.ts';

const text = Type.Optional(Type.String({ maxLength: 253 }));

const question = Type.Object({
  verb: Type.String({ minLength: 1, maxLength: 63 }),
  group: text,
  resource: Type.String({ minLength: 1, maxLength: 253 }),
  subresource: text,
  workspace: text,
  namespace: text,
  name: text,
});

/** May I? Many questions at once; the console disables its buttons by the answers, and the reasons say why. */
export function accessReviewRoute(access: Access): Route {
  return defineRoute({
    method: 'POST',
    path: '/kapis/iam.freehold.io/v1alpha1/accessreviews',
    scope: 'none',
    permission: { by: 'signedIn', why: 'answers about the caller only' },
    summary: 'Ask what the caller may do',
    tag: 'Access',
    body: Type.Object({ items: Type.Array(question, { maxItems: 500 }) }),
    responses: {
      200: Type.Object({ items: Type.Array(Type.Object({ allowed: Type.Boolean(), reason: Type.String() })) }),
    },
    handle: ({ user, body }) => ({
      items: body.items.map((item) => {
        const { allowed, reason } = access.decide(user, item);
        return { allowed, reason };
      }),
    }),
  });
}
