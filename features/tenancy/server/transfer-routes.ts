import { defineRoute, type Permission, type Route } from '@kit/http';
import { Type } from 'typebox';
import { projectDeletionPreview, transferReport } from '../contract/index.ts';
import { previewProjectDeletion } from './deletion-preview.ts';
import type { TenancyParts } from './ports.ts';
import { projectFor } from './project-store.ts';
import * as schemas from './schemas.ts';
import { transferProject } from './transfer-project.ts';

const base = '/kapis/tenant.freehold.io/v1alpha1/workspaces/{workspace}/namespaces/{namespace}';
const inBoth: Permission = {
  by: 'signedIn',
  why: 'the handler asks for the right to take a project out of the one workspace and to make one in the other',
};
const onProject: Permission = {
  by: 'signedIn',
  why: 'the handler asks for the right to delete this very namespace',
};

/** A project's move to another workspace, and what its deletion takes with it. */
export function transferRoutes(parts: TenancyParts): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: `${base}/transfer`,
      scope: 'project',
      permission: inBoth,
      summary: 'Move a project to another workspace, or say what that would change',
      tag: 'Projects',
      params: schemas.projectParams,
      body: Type.Object({ workspace: Type.String({ minLength: 1 }), dryRun: Type.Optional(Type.Boolean()) }),
      responses: { 200: transferReport },
      handle: ({ user, params, body }) =>
        transferProject(parts, {
          user,
          workspace: params.workspace,
          project: params.namespace,
          target: body.workspace,
          dryRun: body.dryRun ?? false,
        }),
    }),
    defineRoute({
      method: 'GET',
      path: `${base}/deletion-preview`,
      scope: 'project',
      permission: onProject,
      summary: 'Say what goes when a project is deleted',
      tag: 'Projects',
      params: schemas.projectParams,
      responses: { 200: projectDeletionPreview },
      handle: async ({ user, params: { workspace, namespace } }) => {
        await projectFor(parts, { user, workspace, name: namespace }, 'delete');
        return previewProjectDeletion(parts.views, namespace);
      },
    }),
  ];
}
