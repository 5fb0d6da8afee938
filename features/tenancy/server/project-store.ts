import { annotations, labels, type Access } from '@feature/iam/contract';
import { ApiError } from '@kit/base';
import type { User } from '@kit/http';
import { kinds, type KubeClient } from '@kit/kube';
import type { Static } from 'typebox';
import { tenancyTypes, type Namespace } from '../contract/index.ts';
import { projectNameProblem, refuseName } from '../rules/tenant-name.ts';
import type { projectBody } from './schemas.ts';

type Body = Static<typeof projectBody>;

interface Parts {
  readonly kube: KubeClient;
  readonly access: Access;
}

/** Which project, and in whose name it is asked for. */
export interface ProjectRequest {
  readonly user: User;
  readonly workspace: string;
  readonly name: string;
}

/** Labels that say whose a namespace is: no caller of these routes sets them. */
const kept = [labels.workspace, labels.namespace, labels.devopsProject, 'kubernetes.io/metadata.name'];

async function requireWorkspace(kube: KubeClient, workspace: string): Promise<void> {
  const found = await kube.find(tenancyTypes.workspaceTemplates, { name: workspace });
  if (found && found.metadata.deletionTimestamp === undefined) return;
  const why = found ? 'is being deleted' : 'does not exist';
  throw new ApiError(found ? 'Conflict' : 'NotFound', `workspace "${workspace}" ${why}: no project can be made in it`, {
    details: { kind: 'workspaces', name: workspace },
  });
}

/** Makes a namespace of the workspace. One that exists already is refused, whoever's it is. */
export async function createProject(
  kube: KubeClient,
  { user, workspace }: Pick<ProjectRequest, 'user' | 'workspace'>,
  body: Body,
): Promise<Namespace> {
  const { name, labels: givenLabels, annotations: givenNotes } = body.metadata;
  refuseName('Namespace', name, projectNameProblem(name));
  await requireWorkspace(kube, workspace);
  const own = Object.entries(givenLabels ?? {}).filter(([key]) => !kept.includes(key));
  return kube.create<Namespace>(kinds.namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { ...Object.fromEntries(own), [labels.workspace]: workspace },
      annotations: { ...givenNotes, [annotations.creator]: user.name },
    },
  });
}

/**
 * The project of that name in that workspace, for a caller who may do `verb` to it. A namespace of another workspace,
 * or of none, is not found; what the caller may not do is `Forbidden`, and so is looking into a foreign workspace.
 */
export async function projectFor(parts: Parts, request: ProjectRequest, verb: string): Promise<Namespace> {
  const { user, workspace, name } = request;
  const found = await parts.kube.find<Namespace>(kinds.namespaces, { name });
  if (found?.metadata.labels?.[labels.workspace] === workspace) {
    parts.access.check(user, { verb, group: '', resource: 'namespaces', namespace: name, name });
    return found;
  }
  parts.access.enter(user, workspace);
  throw new ApiError('NotFound', `workspace "${workspace}" has no project "${name}"`, {
    details: { kind: 'namespaces', name },
  });
}

function withKept(next: Namespace, current: Namespace): Namespace {
  const own = Object.entries(next.metadata.labels ?? {}).filter(([key]) => !kept.includes(key));
  const whose = Object.entries(current.metadata.labels ?? {}).filter(([key]) => kept.includes(key));
  const creator = current.metadata.annotations?.[annotations.creator];
  const { [annotations.creator]: _given, ...notes } = next.metadata.annotations ?? {};
  return {
    ...current,
    metadata: {
      ...current.metadata,
      labels: Object.fromEntries([...own, ...whose]),
      annotations: creator === undefined ? notes : { ...notes, [annotations.creator]: creator },
      ...(next.metadata.resourceVersion ? { resourceVersion: next.metadata.resourceVersion } : {}),
    },
  };
}

/** Replaces labels and annotations of a project; whose it is and who made it stays. */
export async function replaceProject(parts: Parts, request: ProjectRequest, body: Body): Promise<Namespace> {
  const current = await projectFor(parts, request, 'update');
  if (body.metadata.name !== request.name) {
    throw new ApiError(
      'BadRequest',
      `the body is about project "${body.metadata.name}", the path about "${request.name}"`,
    );
  }
  const next: Namespace = { ...current, metadata: body.metadata };
  return parts.kube.update<Namespace>(kinds.namespaces, withKept(next, current));
}

/** Applies a merge patch (object) or a JSON patch (list) to labels and annotations of a project. */
export async function patchProject(parts: Parts, request: ProjectRequest, patch: unknown): Promise<Namespace> {
  const current = await projectFor(parts, request, 'patch');
  const key = { name: request.name };
  const type = Array.isArray(patch) ? 'json' : 'merge';
  const tried = await parts.kube.patch<Namespace>(kinds.namespaces, key, patch, { type, dryRun: true });
  return parts.kube.update<Namespace>(kinds.namespaces, withKept(tried, current));
}

/** Deletes a project and all that is in it; a dry run only says whether that would be allowed. */
export async function deleteProject(parts: Parts, request: ProjectRequest, dryRun = false): Promise<void> {
  const { metadata } = await projectFor(parts, request, 'delete');
  const preconditions = metadata.uid ? { preconditions: { uid: metadata.uid } } : {};
  await parts.kube.delete(kinds.namespaces, { name: request.name }, { dryRun, ...preconditions });
}
