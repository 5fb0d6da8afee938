import { Type, type Static } from 'typebox';

/** How many objects of a kind are in each state; states that none is in are left out. */
export const stateCounts = Type.Object({
  total: Type.Integer(),
  states: Type.Record(Type.String(), Type.Integer()),
});
export type StateCounts = Static<typeof stateCounts>;

/** The same of several kinds at once. */
export const kindCounts = Type.Object({
  kinds: Type.Record(Type.String(), stateCounts),
  /** Kinds asked for that the caller may list nowhere in the place asked about. */
  refused: Type.Array(Type.String()),
});
export type KindCounts = Static<typeof kindCounts>;

/** What a search found, the best first. */
export const searchAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      kind: Type.String(),
      apiVersion: Type.String(),
      /** The plural name. */
      resource: Type.String(),
      name: Type.String(),
      namespace: Type.Optional(Type.String()),
      workspace: Type.Optional(Type.String()),
      /** Of kinds that have one, as in lists. */
      state: Type.Optional(Type.String()),
      word: Type.Optional(Type.String()),
      createdAt: Type.String(),
      score: Type.Number(),
      /** For each word, where it stands and in what. */
      matches: Type.Array(Type.Object({ in: Type.String(), text: Type.String() })),
    }),
  ),
  totalItems: Type.Integer(),
  /** How many were found of each kind. */
  counts: Type.Record(Type.String(), Type.Integer()),
  /** Kinds that could not be read from the cluster in time. */
  missing: Type.Array(Type.String()),
});
export type SearchAnswer = Static<typeof searchAnswer>;

/** One revision of a deployment, newest first in lists. */
export const revision = Type.Object({
  revision: Type.Integer(),
  /** The revision that the deployment wants now. */
  isCurrent: Type.Boolean(),
  replicaSet: Type.String(),
  createdAt: Type.String(),
  replicas: Type.Integer(),
  readyReplicas: Type.Integer(),
  /** Container name to image. */
  images: Type.Record(Type.String(), Type.String()),
  /** The annotation `kubernetes.io/change-cause`, where somebody wrote one. */
  changeCause: Type.Optional(Type.String()),
  /** The pod template, without the label that Kubernetes adds: what a roll back puts into the deployment. */
  template: Type.Record(Type.String(), Type.Unknown()),
});
export type Revision = Static<typeof revision>;
export const revisionList = Type.Object({ items: Type.Array(revision), totalItems: Type.Integer() });

/** What becomes, or became, of one document of an import. */
export const importItem = Type.Object({
  /** Place of the document in the text, from 0, and the line it starts on, from 1. */
  index: Type.Integer(),
  line: Type.Integer(),
  apiVersion: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  /** `refused`: `error` says why; nothing was, or will be, written for this document. */
  action: Type.Union([
    Type.Literal('create'),
    Type.Literal('configure'),
    Type.Literal('unchanged'),
    Type.Literal('refused'),
  ]),
  /** Paths of fields that differ from what is in the cluster, for `configure`. */
  changes: Type.Optional(Type.Array(Type.String())),
  warnings: Type.Array(Type.String()),
  /** A Kubernetes Status, for `refused`. */
  error: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type ImportItem = Static<typeof importItem>;

export const importRequest = Type.Object({ yaml: Type.String(), dryRun: Type.Boolean() });
export type ImportRequest = Static<typeof importRequest>;

/** Every document of the text, in its order; nothing is skipped silently. */
export const importAnswer = Type.Object({ dryRun: Type.Boolean(), items: Type.Array(importItem) });
export type ImportAnswer = Static<typeof importAnswer>;
