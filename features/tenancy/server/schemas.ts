import { Type } from 'typebox';

const textMap = Type.Record(Type.String(), Type.String());

const metadata = Type.Object({
  name: Type.String(),
  labels: Type.Optional(textMap),
  annotations: Type.Optional(textMap),
  resourceVersion: Type.Optional(Type.String()),
});

export const workspaceParams = Type.Object({ workspace: Type.String() });
export const projectParams = Type.Object({ workspace: Type.String(), namespace: Type.String() });
export const memberParams = Type.Object({ workspace: Type.String(), member: Type.String() });

/** Filters, order and page; which filters there are depends on the kind, so they are checked by the list itself. */
export const listParameters = Type.Object({
  page: Type.Optional(Type.String()),
  limit: Type.Optional(Type.String()),
  sortBy: Type.Optional(Type.String()),
  ascending: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  labelSelector: Type.Optional(Type.String()),
});

export const workspaceBody = Type.Object({
  metadata,
  spec: Type.Optional(
    Type.Object({
      placement: Type.Optional(Type.Object({})),
      template: Type.Optional(
        Type.Object({
          spec: Type.Optional(
            Type.Object({
              manager: Type.Optional(Type.String()),
              networkIsolation: Type.Optional(Type.Boolean()),
            }),
          ),
        }),
      ),
    }),
  ),
});

export const projectBody = Type.Object({ metadata });

/** A JSON merge patch (an object) or a JSON patch (a list of operations). */
export const patchBody = Type.Union([
  Type.Array(Type.Object({ op: Type.String(), path: Type.String() })),
  Type.Record(Type.String(), Type.Unknown()),
]);

export const deleteBody = Type.Object({ propagationPolicy: Type.Optional(Type.String()) }, { default: {} });

/** `dryRun=All` does everything but the write. */
export const deleteQuery = Type.Object({ dryRun: Type.Optional(Type.Literal('All')) });

export const kubeObject = Type.Object({ metadata: Type.Object({ name: Type.String() }) });
export const objectList = Type.Object({ items: Type.Array(kubeObject), totalItems: Type.Integer() });
export const success = Type.Object({ message: Type.Literal('success') });
