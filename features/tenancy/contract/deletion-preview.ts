import { Type, type Static } from 'typebox';

const projectPreview = Type.Object({
  name: Type.String(),
  aliasName: Type.Optional(Type.String()),
  /** How many objects of each kind go with the project, for the kinds people would miss. */
  objects: Type.Record(Type.String(), Type.Integer()),
});

/** What goes when a workspace is deleted. */
export const deletionPreview = Type.Object({
  workspace: Type.String(),
  projects: Type.Array(projectPreview),
  members: Type.Array(Type.String()),
  roles: Type.Array(Type.String()),
});

export type DeletionPreview = Static<typeof deletionPreview>;

/** What goes when a project is deleted. */
export const projectDeletionPreview = Type.Object({
  project: Type.String(),
  objects: Type.Record(Type.String(), Type.Integer()),
  members: Type.Array(Type.String()),
});

export type ProjectDeletionPreview = Static<typeof projectDeletionPreview>;
