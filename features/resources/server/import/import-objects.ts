import type { Access, WriteGuard } from '@feature/iam/contract';
import { ApiError, toStatus, type Logger } from '@kit/base';
import type { User } from '@kit/http';
import type { KubeClient, KubeObject, ResourceType } from '@kit/kube';
import type { ImportItem } from '../../contract/index.ts';
import { changedPaths } from '../../rules/changed-paths.ts';
import { inImportOrder } from '../../rules/import-order.ts';
import type { Manifest } from '../../rules/read-manifests.ts';
import { applyObject } from './apply-object.ts';
import { ServedKinds } from './served-kinds.ts';

export interface ImportTask {
  readonly user: User;
  readonly namespace: string;
  readonly dryRun: boolean;
  readonly requestId: string;
}

interface Parts {
  readonly kube: KubeClient;
  readonly access: Access;
  readonly guard: WriteGuard;
  readonly log: Logger;
}

interface Named {
  readonly index: number;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly manifest: Manifest;
}

type Outcome = Pick<ImportItem, 'action' | 'changes' | 'warnings'>;

function textAt(object: Readonly<Record<string, unknown>>, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

function metadataOf({ object }: Manifest): Readonly<Record<string, unknown>> {
  const { metadata } = object;
  return typeof metadata === 'object' && metadata !== null ? (metadata as Readonly<Record<string, unknown>>) : {}; // cast: a non-null object
}

function nameIt(manifest: Manifest): Named {
  const { index, line, object } = manifest;
  const name = textAt(metadataOf(manifest), 'name');
  return { index, line, apiVersion: textAt(object, 'apiVersion'), kind: textAt(object, 'kind'), name, manifest };
}

/** The object as it will be in the project; what has no place there is refused. */
async function placed(
  named: Named,
  served: ServedKinds,
  namespace: string,
): Promise<{ type: ResourceType; object: KubeObject }> {
  const { apiVersion, kind, name, manifest } = named;
  if (!apiVersion || !kind) throw new ApiError('BadRequest', 'apiVersion and kind are needed');
  if (!name)
    throw new ApiError('BadRequest', 'metadata.name is needed: an object without a name cannot be imported again');
  const type = await served.typeOf(apiVersion, kind);
  if (!type.namespaced) {
    throw new ApiError('Forbidden', `a ${kind} belongs to the whole cluster, and cannot be part of a project`);
  }
  const metadata = metadataOf(manifest);
  const own = textAt(metadata, 'namespace');
  if (own !== '' && own !== namespace) {
    throw new ApiError(
      'BadRequest',
      `it names the namespace "${own}", but is imported into "${namespace}"; take metadata.namespace out`,
    );
  }
  const { managedFields: _managed, resourceVersion: _version, uid: _uid, ...kept } = metadata;
  const { status: _status, ...content } = manifest.object;
  const object = { ...content, apiVersion, kind, metadata: { ...kept, name, namespace } };
  return { type, object };
}

/** What is looked at before it is written is written to the version that was looked at. */
function ofVersion(object: KubeObject, before: KubeObject | undefined): KubeObject {
  const resourceVersion = before?.metadata.resourceVersion;
  return resourceVersion === undefined ? object : { ...object, metadata: { ...object.metadata, resourceVersion } };
}

async function importOne(parts: Parts & { served: ServedKinds }, named: Named, task: ImportTask): Promise<Outcome> {
  const { type, object: wanted } = await placed(named, parts.served, task.namespace);
  const right = { group: type.group, version: type.version, resource: type.plural, namespace: task.namespace };
  parts.access.check(task.user, { ...right, verb: 'get', name: named.name });
  const before = await parts.kube.find(type, { namespace: task.namespace, name: named.name });
  parts.access.check(task.user, before ? { ...right, verb: 'patch', name: named.name } : { ...right, verb: 'create' });
  const { group, plural: resource } = type;
  const object = parts.guard.concerns(group, resource) ? ofVersion(wanted, before) : wanted;
  const tried = await applyObject(parts.kube, { type, object, dryRun: true });
  await parts.guard.check(task.user, { group, resource, after: tried.object, ...(before ? { before } : {}) });
  const changes = before ? changedPaths(before, tried.object) : [];
  const { warnings } = task.dryRun ? tried : await applyObject(parts.kube, { type, object, dryRun: false });
  if (!before) return { action: 'create', warnings: [...warnings] };
  if (changes.length === 0) return { action: 'unchanged', warnings: [...warnings] };
  return { action: 'configure', changes, warnings: [...warnings] };
}

/**
 * Tries or makes every object of a text, each with the caller's own right, and says of each what came of it, in the
 * order of the text. One that is refused does not keep the others.
 */
export async function importObjects(
  parts: Parts,
  manifests: readonly Manifest[],
  task: ImportTask,
): Promise<ImportItem[]> {
  const all = { ...parts, served: new ServedKinds(parts.kube) };
  const items: ImportItem[] = [];
  for (const named of inImportOrder(manifests.map(nameIt))) {
    const { manifest: _manifest, ...shown } = named;
    try {
      items.push({ ...shown, ...(await importOne(all, named, task)) });
    } catch (error) {
      if (!(error instanceof ApiError)) parts.log.error('an import failed', { kind: shown.kind, error });
      items.push({ ...shown, action: 'refused', warnings: [], error: { ...toStatus(error, task.requestId) } });
    }
  }
  return items.sort((left, right) => left.index - right.index);
}
