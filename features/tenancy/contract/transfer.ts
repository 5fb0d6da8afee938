import { Type, type Static } from 'typebox';

/** What a project's move to another workspace changes, or would change. */
export const transferReport = Type.Object({
  project: Type.String(),
  from: Type.String(),
  to: Type.String(),
  /** True when nothing was written. */
  dryRun: Type.Boolean(),
  /** Members who stay: they are in the other workspace too. */
  keeps: Type.Array(Type.String()),
  /** Bindings that go, with whom they were for: people and groups that are not in the other workspace. */
  drops: Type.Array(Type.Object({ binding: Type.String(), subjects: Type.Array(Type.String()) })),
});

export type TransferReport = Static<typeof transferReport>;

/** On a namespace: a JSON list of its last moves, each with from, to, by and at. */
export const transfersAnnotation = 'tenant.freehold.io/transfers';
