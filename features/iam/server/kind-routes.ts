import { JsonBytes, defineRoute } from '@kit/http';
import type { Route, Scope, User } from '@kit/http';
import { apiVersionOf } from '@kit/kube';
import type { KubeObject, ResourceType } from '@kit/kube';
import { listQuery, listRows } from '@kit/kube/listing';
import { Type } from 'typebox';
import { fieldManager, iamTypes } from '../contract/index.ts';
import type { WriteGuard } from '../contract/index.ts';
import type { IamParts } from './parts.ts';
import * as schemas from './schemas.ts';

const iam = '/kapis/iam.kubesphere.io/v1alpha2';

/** The kinds that have no routes of their own for the whole platform, and are served as objects. */
const served: readonly [type: ResourceType, scope: Scope][] = [
  [iamTypes.globalRoleBindings, 'platform'],
  [iamTypes.workspaceRoles, 'cluster'],
  [iamTypes.workspaceRoleBindings, 'cluster'],
  [iamTypes.roleBases, 'cluster'],
  [iamTypes.groups, 'cluster'],
  [iamTypes.groupBindings, 'cluster'],
  [iamTypes.loginRecords, 'cluster'],
];

type Parts = IamParts & { readonly guard: WriteGuard };

/** The objects of the feature's kinds under its own prefix, with Kubernetes' shape of lists. */
export function kindRoutes(parts: Parts): Route[] {
  return served.flatMap(([type, scope]) => {
    const common = { scope, permission: { by: 'rbac' }, tag: 'Objects' } as const;
    return [...readRoutes(parts, type, common), ...writeRoutes(parts, type, common), deleteRoute(parts, type, common)];
  });
}

type Common = Pick<Route, 'scope' | 'permission' | 'tag'>;
const named = Type.Object({ name: Type.String() });
const list = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  metadata: Type.Object({ remainingItemCount: Type.Optional(Type.Integer()) }),
  items: schemas.objects,
});

function readRoutes({ views, kube }: Parts, type: ResourceType, common: Common): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: `${iam}/${type.plural}`,
      summary: `List ${type.plural}`,
      query: schemas.listParameters,
      responses: { 200: list },
      handle: ({ query }) => {
        const wanted = listQuery(query);
        const { rows, totalItems } = listRows(views.of(type).rows(), wanted);
        const left = totalItems - wanted.offset - rows.length;
        return {
          apiVersion: apiVersionOf(type),
          kind: `${type.kind}List`,
          metadata: left > 0 ? { remainingItemCount: left } : {},
          items: rows.map((row) => row.object()),
        };
      },
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: `${iam}/${type.plural}/{name}`,
      summary: `Read one of ${type.plural}`,
      params: named,
      responses: { 200: schemas.object },
      handle: async ({ params }) =>
        new JsonBytes(Buffer.from(JSON.stringify(await kube.get(type, { name: params.name })))),
    }),
  ];
}

interface Write {
  readonly user: User;
  readonly before?: KubeObject;
  readonly write: (options: { readonly dryRun: boolean }) => Promise<KubeObject>;
}

/** Tries the write, checks what would come of it, and writes. */
async function guarded({ guard }: Parts, { group, plural }: ResourceType, task: Write): Promise<KubeObject> {
  const after = await task.write({ dryRun: true });
  await guard.check(task.user, { group, resource: plural, after, ...(task.before ? { before: task.before } : {}) });
  return task.write({ dryRun: false });
}

function asObject(type: ResourceType, body: { readonly metadata: object }, name?: string): KubeObject {
  const object = { ...body, apiVersion: apiVersionOf(type), kind: type.kind } as unknown as KubeObject; // the cluster's schema checks the rest
  return name === undefined ? object : { ...object, metadata: { ...object.metadata, name } };
}

/** A write to the version that was looked at, so that nothing comes between the check and it; a version the caller names stays. */
function ofVersion(before: KubeObject, metadata: object = {}): object {
  const { resourceVersion: given } = metadata as { readonly resourceVersion?: unknown }; // any fields may be in a body
  const isGiven = typeof given === 'string' && given !== '' && given !== '0';
  return { ...metadata, resourceVersion: isGiven ? given : before.metadata.resourceVersion };
}

function writeRoutes(parts: Parts, type: ResourceType, common: Common): Route[] {
  const { kube } = parts;
  const one = { ...common, path: `${iam}/${type.plural}/{name}`, params: named } as const;
  const body = Type.Object({ metadata: Type.Object({}) });
  return [
    defineRoute({
      ...common,
      method: 'POST',
      path: `${iam}/${type.plural}`,
      summary: `Create one of ${type.plural}`,
      body,
      responses: { 200: schemas.object },
      handle: ({ user, body: given }) =>
        guarded(parts, type, {
          user,
          write: ({ dryRun }) => kube.create(type, asObject(type, given), { fieldManager, dryRun }),
        }),
    }),
    defineRoute({
      ...one,
      method: 'PUT',
      summary: `Replace one of ${type.plural}`,
      body,
      responses: { 200: schemas.object },
      handle: async ({ user, params, body: given }) => {
        const before = await kube.get(type, params);
        const object = { ...given, metadata: ofVersion(before, given.metadata) };
        return guarded(parts, type, {
          user,
          before,
          write: ({ dryRun }) => kube.update(type, asObject(type, object, params.name), { fieldManager, dryRun }),
        });
      },
    }),
    defineRoute({
      ...one,
      method: 'PATCH',
      summary: `Change one of ${type.plural} by a merge patch`,
      body: Type.Object({}),
      responses: { 200: schemas.object },
      handle: async ({ user, params, body: given }) => {
        const before = await kube.get(type, params);
        const patch = { ...given, metadata: ofVersion(before, (given as Partial<KubeObject>).metadata) }; // any fields may be in a patch
        return guarded(parts, type, {
          user,
          before,
          write: ({ dryRun }) => kube.patch(type, params, patch, { type: 'merge', fieldManager, dryRun }),
        });
      },
    }),
  ];
}

function deleteRoute({ kube }: Parts, type: ResourceType, common: Common): Route {
  return defineRoute({
    ...common,
    method: 'DELETE',
    path: `${iam}/${type.plural}/{name}`,
    summary: `Delete one of ${type.plural}`,
    params: named,
    responses: { 200: schemas.success },
    handle: async ({ params }) => {
      await kube.delete(type, params);
      return { message: 'success' };
    },
  });
}
