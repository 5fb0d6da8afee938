import type { Access } from '@feature/iam/contract';
import { defineRoute, type Route, type User } from '@kit/http';
import { Type } from 'typebox';
import { quotaType, tenancySettings, tenantGroup, type WorkspaceQuota } from '../../contract/index.ts';
import { listPage } from '../list-page.ts';
import type { TenancyParts } from '../ports.ts';
import * as schemas from '../schemas.ts';
import { getSettings, putSettings } from '../settings-store.ts';
import { createQuota, getQuota, quotaBody, replaceQuota, workspaceOf } from './quota-store.ts';
import { untilInForce } from './until-in-force.ts';

const tag = 'Quotas';
const collection = '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/{workspace}/resourcequotas';
const settingsPath = '/kapis/tenant.freehold.io/v1alpha1/settings';
const quotaParams = Type.Object({ workspace: Type.String(), resourcequota: Type.String() });

/** Limits are set by those who run the platform: an administrator of the workspace, who has every right in it, may not lift them. */
function askPlatform(access: Access, user: User, workspace: string): void {
  access.check(user, {
    verb: 'update',
    group: tenantGroup,
    resource: 'workspaces',
    name: workspace,
    scope: 'global',
  });
}

const common = { scope: 'workspace', permission: { by: 'rbac' }, tag } as const;

function collectionRoutes({ kube, views, access, clock }: TenancyParts): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: collection,
      summary: 'List the quotas of a workspace',
      params: schemas.workspaceParams,
      query: schemas.listParameters,
      responses: { 200: schemas.objectList },
      handle: async ({ params, query }) => {
        const view = views.of<WorkspaceQuota>(quotaType);
        await view.ready();
        return listPage(
          [...view.rows()].filter((row) => workspaceOf(row.object()) === params.workspace),
          query,
        );
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: collection,
      summary: 'Limit what all projects of a workspace take together',
      params: schemas.workspaceParams,
      body: quotaBody,
      responses: { 200: schemas.kubeObject },
      handle: async ({ user, params, body }) => {
        askPlatform(access, user, params.workspace);
        const created = await createQuota(kube, params.workspace, body);
        await untilInForce({ views, clock }, created);
        return created;
      },
    }),
  ];
}

function itemRoutes({ kube, views, access, clock }: TenancyParts): Route[] {
  const one = { ...common, path: `${collection}/{resourcequota}`, params: quotaParams } as const;
  return [
    defineRoute({
      ...one,
      method: 'GET',
      summary: 'Read a quota of a workspace, and what is used of it',
      responses: { 200: schemas.kubeObject },
      handle: ({ params }) => getQuota(kube, params.workspace, params.resourcequota),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      summary: 'Replace the limits of a quota of a workspace',
      body: quotaBody,
      responses: { 200: schemas.kubeObject },
      handle: async ({ user, params, body }) => {
        askPlatform(access, user, params.workspace);
        const replaced = await replaceQuota(kube, { workspace: params.workspace, name: params.resourcequota }, body);
        await untilInForce({ views, clock }, replaced);
        return replaced;
      },
    }),
    defineRoute({
      ...one,
      method: 'DELETE',
      summary: 'Lift a quota of a workspace',
      responses: { 200: schemas.success },
      handle: async ({ user, params }) => {
        askPlatform(access, user, params.workspace);
        const { metadata } = await getQuota(kube, params.workspace, params.resourcequota);
        await kube.delete(quotaType, { name: metadata.name });
        return { message: 'success' as const };
      },
    }),
  ];
}

/** What holds for all tenants of the cluster. */
function settingsRoutes({ kube }: TenancyParts): Route[] {
  const settings = { path: settingsPath, scope: 'cluster', permission: { by: 'rbac' }, tag } as const;
  return [
    defineRoute({
      ...settings,
      method: 'GET',
      summary: 'Read the default limits of new projects and the bounds of over-commitment',
      responses: { 200: tenancySettings },
      handle: () => getSettings(kube),
    }),
    defineRoute({
      ...settings,
      method: 'PUT',
      summary: 'Set the default limits of new projects and the bounds of over-commitment',
      body: tenancySettings,
      responses: { 200: tenancySettings },
      handle: ({ body }) => putSettings(kube, body),
    }),
  ];
}

export function quotaRoutes(parts: TenancyParts): Route[] {
  return [...collectionRoutes(parts), ...itemRoutes(parts), ...settingsRoutes(parts)];
}
