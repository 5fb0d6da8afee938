import { Type } from 'typebox';

const textMap = Type.Record(Type.String(), Type.String());

/** Filters, order and page; which filters there are depends on the kind, so they are checked by the list itself. */
export const listParameters = Type.Object({
  page: Type.Optional(Type.String()),
  limit: Type.Optional(Type.String()),
  sortBy: Type.Optional(Type.String()),
  ascending: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  labelSelector: Type.Optional(Type.String()),
});

export const metadata = Type.Object({
  name: Type.String(),
  resourceVersion: Type.Optional(Type.String()),
  labels: Type.Optional(textMap),
  annotations: Type.Optional(textMap),
});

export const object = Type.Object({ metadata });
export const objects = Type.Array(object);
export const listOfObjects = Type.Object({ items: objects, totalItems: Type.Integer() });
export const success = Type.Object({ message: Type.Literal('success') });

export const userBody = Type.Object({
  metadata,
  spec: Type.Object({
    email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 254 }),
    displayName: Type.Optional(Type.String({ maxLength: 253 })),
    description: Type.Optional(Type.String({ maxLength: 1024 })),
    lang: Type.Optional(Type.String({ maxLength: 35 })),
    groups: Type.Optional(Type.Array(Type.String())),
    password: Type.Optional(Type.String()),
  }),
  status: Type.Optional(Type.Object({ state: Type.Optional(Type.String()) })),
});

export const member = Type.Object({ username: Type.String({ minLength: 1 }), roleRef: Type.String({ minLength: 1 }) });
export const members = Type.Array(member, { minItems: 1, maxItems: 1000 });

export const userParams = Type.Object({ user: Type.String() });
export const workspaceParams = Type.Object({ workspace: Type.String() });
export const namespaceParams = Type.Object({ namespace: Type.String() });
