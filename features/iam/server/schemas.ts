import { Type } from 'typebox';
import type { Static } from 'typebox';

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

export type ListValues = Static<typeof listParameters>;

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

const rules = Type.Optional(Type.Union([Type.Array(Type.Object({})), Type.Null()]));

/** A role as callers write it: made of the templates that its annotation names; its rules are not read. */
export const roleBody = Type.Object({ metadata, rules });

const changes = Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])));

/** A merge patch of labels and annotations. */
export const metadataPatch = Type.Object({
  metadata: Type.Optional(
    Type.Object({ resourceVersion: Type.Optional(Type.String()), labels: changes, annotations: changes }),
  ),
});

export const groupBody = Type.Object({
  metadata: Type.Object({
    name: Type.Optional(Type.String()),
    generateName: Type.Optional(Type.String({ maxLength: 200 })),
    resourceVersion: Type.Optional(Type.String()),
    labels: Type.Optional(textMap),
    annotations: Type.Optional(textMap),
  }),
});

const name = Type.String({ minLength: 1, maxLength: 253 });
export const groupMembers = Type.Array(Type.Object({ userName: name, groupName: name }), {
  minItems: 1,
  maxItems: 1000,
});

/** Bindings as callers write them: which role for whom; names and labels are the platform's. */
export const roleBindings = Type.Array(
  Type.Object({
    roleRef: Type.Object({ name, kind: Type.Optional(Type.String()), apiGroup: Type.Optional(Type.String()) }),
    subjects: Type.Array(Type.Object({ kind: Type.String(), name, apiGroup: Type.Optional(Type.String()) }), {
      minItems: 1,
      maxItems: 100,
    }),
  }),
  { minItems: 1, maxItems: 1000 },
);

export const member = Type.Object({ username: Type.String({ minLength: 1 }), roleRef: Type.String({ minLength: 1 }) });
export const members = Type.Array(member, { minItems: 1, maxItems: 1000 });

export const userParams = Type.Object({ user: Type.String() });
export const workspaceParams = Type.Object({ workspace: Type.String() });
export const devopsParams = Type.Object({ devops: Type.String() });
export const namespaceParams = Type.Object({ namespace: Type.String() });
