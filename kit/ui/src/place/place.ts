/** The levels of the one hierarchy. */
export type Place = 'platform' | 'workspace' | 'project';

/** Where a project page is. */
export interface ProjectPlace {
  readonly workspace: string;
  readonly cluster: string;
  readonly project: string;
}

/** The URL below which the pages of each place live. */
export const placePath = {
  platform: '/',
  workspace: '/workspaces/$workspace',
  project: '/workspaces/$workspace/clusters/$cluster/projects/$project',
} as const satisfies Record<Place, string>;
