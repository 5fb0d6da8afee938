import { defineRoute, type Permission, type Route } from '@kit/http';
import { Type } from 'typebox';
import { deletionPreview, tenancyTypes } from '../contract/index.ts';
import { previewDeletion } from './deletion-preview.ts';
import { ownCluster } from './place-lists.ts';
import type { TenancyParts } from './ports.ts';
import * as schemas from './schemas.ts';
import { getWorkspace } from './workspace-store.ts';

const inWorkspace: Permission = {
  by: 'signedIn',
  why: 'the handler asks for the right on this very workspace, in which members have their roles',
};

const clusterList = Type.Object({
  items: Type.Array(Type.Object({ metadata: Type.Object({ name: Type.String() }) })),
  totalItems: Type.Integer(),
});

/** The clusters a workspace is placed on, and what its deletion takes with it. */
export function workspaceExtraRoutes({ kube, views, access, projects }: TenancyParts): Route[] {
  const one = {
    method: 'GET',
    scope: 'workspace',
    permission: inWorkspace,
    tag: 'Workspaces',
    params: schemas.workspaceParams,
  } as const;
  return [
    defineRoute({
      ...one,
      path: '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}/clusters',
      summary: 'List the clusters a workspace is placed on',
      responses: { 200: clusterList },
      handle: async ({ user, params }) => {
        access.enter(user, params.workspace);
        const { spec } = await getWorkspace(kube, params.workspace);
        const placed = spec.placement.clusters?.map(({ name }) => name) ?? [];
        // A workspace that names no cluster is on the one that serves it.
        const here = placed.length === 0 || placed.includes(views.name) ? [views.name] : [];
        const items = here.map(ownCluster);
        return { items, totalItems: items.length };
      },
    }),
    defineRoute({
      ...one,
      path: '/kapis/tenant.freehold.io/v1alpha1/workspaces/{workspace}/deletion-preview',
      summary: 'Say what goes when a workspace is deleted',
      responses: { 200: deletionPreview },
      handle: async ({ user, params }) => {
        const { group } = tenancyTypes.workspaces;
        const { workspace } = params;
        access.enter(user, workspace, { verb: 'delete', group, resource: 'workspaces', name: workspace, workspace });
        await getWorkspace(kube, workspace);
        return previewDeletion(views, projects, workspace);
      },
    }),
  ];
}
