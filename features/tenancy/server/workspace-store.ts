import { annotations, iamTypes, type WriteGuard } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import { apiVersionOf, type KubeClient } from '@kit/kube';
import type { Static } from 'typebox';
import { orphanFinalizer, systemWorkspace, tenancyTypes, type WorkspaceTemplate } from '../contract/index.ts';
import { refuseName, workspaceNameProblem } from '../rules/tenant-name.ts';
import type { workspaceBody } from './schemas.ts';

type Body = Static<typeof workspaceBody>;

const type = tenancyTypes.workspaceTemplates;

/** What workspaces are written with. */
export interface WorkspaceParts {
  readonly kube: KubeClient;
  readonly guard: WriteGuard;
}

/**
 * A member who does not exist is never bound: whoever is later made under that name would have the rights. And who names
 * a manager gives the rights of one.
 */
async function requireManager(
  { kube, guard }: WorkspaceParts,
  user: User,
  { before, after }: { readonly before?: WorkspaceTemplate; readonly after: WorkspaceTemplate },
): Promise<void> {
  const manager = after.spec.template.spec?.manager;
  if (manager && !(await kube.find(iamTypes.users, { name: manager }))) throw noManager(after, manager);
  const { group, plural: resource } = type;
  await guard.check(user, { group, resource, after, ...(before ? { before } : {}) });
}

function noManager({ metadata: { name } }: WorkspaceTemplate, manager: string): ApiError {
  const message = `there is no user "${manager}" who could manage the workspace`;
  const causes = [{ field: 'spec.template.spec.manager', reason: 'FieldValueNotFound', message }];
  return new ApiError('Invalid', message, { details: { kind: type.kind, name, causes } });
}

function templateOf(body: Body, creator: string, defaultManager?: string): WorkspaceTemplate {
  const given = (body.spec ?? {}) as Partial<WorkspaceTemplate['spec']>; // cast: the schema checks what is read here, the API server the rest
  const { name, labels, annotations: notes, resourceVersion } = body.metadata;
  const managed = defaultManager === undefined ? {} : { manager: defaultManager };
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: {
      name,
      ...(labels ? { labels } : {}),
      annotations: { ...notes, [annotations.creator]: creator },
      ...(resourceVersion ? { resourceVersion } : {}),
    },
    spec: {
      ...given,
      placement: given.placement ?? {},
      template: { ...given.template, spec: { ...managed, ...given.template?.spec } },
    },
  };
}

/** Creates a workspace; its creator is whoever asks, and its manager too unless another user is named. */
export async function createWorkspace(parts: WorkspaceParts, user: User, body: Body): Promise<WorkspaceTemplate> {
  refuseName('Workspace', body.metadata.name, workspaceNameProblem(body.metadata.name));
  const template = templateOf(body, user.name, user.name);
  await requireManager(parts, user, { after: template });
  return parts.kube.create<WorkspaceTemplate>(type, template);
}

export async function getWorkspace(kube: KubeClient, name: string): Promise<WorkspaceTemplate> {
  const found = await kube.find<WorkspaceTemplate>(type, { name });
  if (found) return found;
  throw new ApiError('NotFound', `there is no workspace "${name}"`, { details: { kind: type.plural, name } });
}

/** What callers may not set: who created it, and what the controllers keep. */
function keepOwnFields(next: WorkspaceTemplate, current: WorkspaceTemplate): WorkspaceTemplate {
  const creator = current.metadata.annotations?.[annotations.creator];
  const { [annotations.creator]: _given, ...notes } = next.metadata.annotations ?? {};
  const { finalizers, ownerReferences } = current.metadata;
  return {
    ...next,
    metadata: {
      ...next.metadata,
      annotations: creator === undefined ? notes : { ...notes, [annotations.creator]: creator },
      ...(finalizers ? { finalizers } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
    },
  };
}

/** Which workspace, and in whose name it is changed. */
export interface WorkspaceRequest {
  readonly user: User;
  readonly name: string;
}

/** Replaces what people write of a workspace; a `resourceVersion` makes it fail on a change in between. */
export async function replaceWorkspace(
  parts: WorkspaceParts,
  { user, name }: WorkspaceRequest,
  body: Body,
): Promise<WorkspaceTemplate> {
  if (body.metadata.name !== name) {
    throw new ApiError('BadRequest', `the body is about workspace "${body.metadata.name}", the path about "${name}"`);
  }
  const current = await getWorkspace(parts.kube, name);
  const next = keepOwnFields(templateOf(body, ''), current);
  const resourceVersion = next.metadata.resourceVersion ?? current.metadata.resourceVersion;
  const exact = { ...next, metadata: { ...next.metadata, ...(resourceVersion ? { resourceVersion } : {}) } };
  await requireManager(parts, user, { before: current, after: exact });
  return parts.kube.update<WorkspaceTemplate>(type, exact);
}

/** Applies a merge patch (object) or a JSON patch (list): tried on the server first, checked, then written as checked. */
export async function patchWorkspace(
  parts: WorkspaceParts,
  { user, name }: WorkspaceRequest,
  patch: unknown,
): Promise<WorkspaceTemplate> {
  const { kube } = parts;
  const current = await getWorkspace(kube, name);
  const format = Array.isArray(patch) ? 'json' : 'merge';
  const tried = await kube.patch<WorkspaceTemplate>(type, { name }, patch, { type: format, dryRun: true });
  const next = keepOwnFields(tried, current);
  await requireManager(parts, user, { before: current, after: next });
  return kube.update<WorkspaceTemplate>(type, next);
}

/**
 * Deletes a workspace with its projects, or, with `Orphan`, leaves the projects standing without a workspace. The
 * system's own workspace stays: namespaces of the cluster itself may be in it.
 */
export async function deleteWorkspace(
  kube: KubeClient,
  name: string,
  { propagationPolicy, dryRun = false }: { readonly propagationPolicy?: string; readonly dryRun?: boolean },
): Promise<void> {
  const current = await getWorkspace(kube, name);
  if (name === systemWorkspace) {
    throw new ApiError('Forbidden', `workspace "${name}" is the system's own and cannot be deleted`, {
      details: { kind: type.plural, name },
    });
  }
  if (!dryRun && propagationPolicy === 'Orphan' && !current.metadata.finalizers?.includes(orphanFinalizer)) {
    const finalizers = [...(current.metadata.finalizers ?? []), orphanFinalizer];
    await kube.update(type, { ...current, metadata: { ...current.metadata, finalizers } });
  }
  await kube.delete(type, { name }, { dryRun });
}
