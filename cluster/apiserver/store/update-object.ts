import { isDeepStrictEqual } from 'node:util';
import { timestamp } from '@kit/base';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { trackUpdate } from '../fields/track-update.ts';
import { StaleWrite } from '../storage/storage.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import { invalid, notFound } from './api-errors.ts';
import { isGone } from './deletion-rules.ts';
import { apiVersionOf } from './kind-registry.ts';
import { checkPlace, checkPreconditions, finalizerCauses, keepMetadata } from './object-metadata.ts';
import { settleFields } from './settle-fields.ts';
import { keyOf, readObject, writeObject } from './stored-object.ts';
import type { Allocation, StoreDeps, Target, WriteContext, Written } from './write-request.ts';

export interface UpdateRequest {
  readonly context: WriteContext;
  /**
   * `main` and `status` obey the kind's strategy. `part` is a subresource that may change one thing the main endpoint may
   * not, and `binding` the server's own doing, which no manager owns: the rules of both are in `change`.
   */
  readonly mode: 'main' | 'status' | 'part' | 'binding';
  /** Makes the new object out of the stored one, which it may change. Called again when another writer was faster. */
  change(current: ClusterObject): ClusterObject;
  /** True when `change` has set managedFields itself, as server-side apply does. */
  readonly managed?: boolean;
}

const attempts = 10;

function strategyCauses(
  { kind }: Target,
  { next, old, request }: { next: ClusterObject; old: ClusterObject; request: UpdateRequest },
): Cause[] {
  if (request.mode === 'main') return kind.strategy.validateUpdate(next, old);
  return request.mode === 'status' ? kind.strategy.validateStatusUpdate(next, old) : [];
}

function applyStrategy(
  deps: StoreDeps,
  target: Target,
  write: { next: ClusterObject; old: ClusterObject; request: UpdateRequest; allocation: Allocation },
): void {
  const { next, old, request, allocation } = write;
  const { strategy } = target.kind;
  const { caller, dryRun } = request.context;
  const context = {
    now: timestamp(deps.clock.now()),
    user: caller.name,
    groups: caller.groups,
    dryRun,
    ...allocation.context,
  };
  if (request.mode === 'main') strategy.prepareForUpdate(next, old, context);
  const counts = strategy.hasGeneration && (request.mode === 'main' || request.mode === 'part');
  if (counts && strategy.changesGeneration(next, old)) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
  const causes = [...finalizerCauses(next, old), ...strategyCauses(target, write)];
  if (causes.length > 0) throw invalid(target.kind, target.name, causes);
  if (request.mode === 'main') request.context.warnings.push(...strategy.warnings(next));
}

/** Through /status nothing but status and metadata change hands, through the main endpoint everything but status. */
function ownedPart(
  target: Target,
  { next, old, request }: { next: ClusterObject; old: ClusterObject; request: UpdateRequest },
): ClusterObject {
  if (request.mode === 'status')
    return {
      ...old,
      status: next.status as unknown, // any JSON
      metadata: next.metadata,
    };
  return target.kind.strategy.hasStatus && request.mode === 'main' ? { ...next, status: old.status as unknown } : next; // any JSON
}

function track(
  target: Target,
  write: { next: ClusterObject; old: ClusterObject; request: UpdateRequest },
  now: string,
): void {
  const { next, old, request } = write;
  if (!request.managed && request.mode !== 'binding') {
    const managedFields = trackUpdate({
      before: old,
      after: ownedPart(target, write),
      manager: request.context.fieldManager,
      schema: target.kind.schema,
      apiVersion: apiVersionOf(target.kind),
      subresource: target.subresource ?? '',
      now,
    });
    next.metadata.managedFields = managedFields;
  }
  if (next.metadata.managedFields?.length === 0) delete next.metadata.managedFields;
}

/**
 * The /status of most built-in kinds takes labels, annotations, finalizers and owners too, that of a custom kind nothing
 * but the status. Before the owners of fields are noted: what is put back belongs to nobody new.
 */
function keepAllButStatus(kind: KindInfo, next: ClusterObject, old: ClusterObject): void {
  kind.strategy.prepareForStatusUpdate(next, old);
  if (kind.builtin) return;
  const { managedFields } = next.metadata;
  next.metadata = { ...structuredClone(old.metadata), managedFields };
}

/** Times do not make a change: who owns what does. */
function comparable(object: ClusterObject): unknown {
  const owners = object.metadata.managedFields?.map((entry) => ({ ...(entry as object), time: undefined })); // entries are objects
  return { ...object, metadata: { ...object.metadata, managedFields: owners, resourceVersion: undefined } };
}

function save(deps: StoreDeps, target: Target, write: { next: ClusterObject; stored: Version }): Promise<Version> {
  const { kind } = target;
  const key = keyOf(kind, target.namespace, target.name);
  const value = (revision: number): string => writeObject(kind, write.next, revision);
  const gone = isGone(kind, write.next);
  return gone ? deps.storage.remove(key, write.stored, value) : deps.storage.put(key, write.stored, value);
}

async function attempt(deps: StoreDeps, target: Target, request: UpdateRequest): Promise<Written> {
  const { kind } = target;
  const stored = deps.storage.newest(keyOf(kind, target.namespace, target.name));
  if (!stored) throw notFound(kind, target.name);
  const old = readObject(kind, stored);
  const allocation = deps.allocate(request.context.dryRun);
  try {
    const next = settleFields(kind, request.change(readObject(kind, stored)), request.context);
    checkPlace(next, target);
    checkPreconditions(next, old, target);
    keepMetadata(next, old);
    if (request.mode === 'status') keepAllButStatus(kind, next, old);
    track(target, { next, old, request }, timestamp(deps.clock.now()));
    deps.admit({ operation: 'UPDATE', target, object: next, old, caller: request.context.caller });
    applyStrategy(deps, target, { next, old, request, allocation });
    next.metadata.resourceVersion = old.metadata.resourceVersion;
    if (isDeepStrictEqual(comparable(next), comparable(old)) && !isGone(kind, next)) {
      allocation.release();
      return { object: old, created: false };
    }
    if (request.context.dryRun) return { object: next, created: false };
    const version = await save(deps, target, { next, stored });
    return { object: readObject(kind, version), created: false };
  } catch (error) {
    allocation.release();
    throw error;
  }
}

/**
 * Changes a stored object. What changes nothing is not written; the last finalizer of an object on its way out takes it
 * along. Throws `NotFound`, `Conflict`, `Invalid`, `Forbidden`.
 */
export async function updateObject(deps: StoreDeps, target: Target, request: UpdateRequest): Promise<Written> {
  const warnings = request.context.warnings.length;
  for (let left = attempts; ; left--) {
    try {
      return await attempt(deps, target, request);
    } catch (error) {
      if (!(error instanceof StaleWrite) || left === 1) throw error;
      request.context.warnings.length = warnings;
    }
  }
}
