import { timestamp } from '@kit/base';
import type { Status } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { StaleWrite } from '../storage/storage.ts';
import type { Version } from '../storage/version.ts';
import { AdmissionAttempt } from './admission-attempt.ts';
import { conflict, notFound } from './api-errors.ts';
import {
  checkDeleteOptions,
  checkDeletePreconditions,
  finalizersFor,
  graceSeconds,
  heldBySpec,
} from './deletion-rules.ts';
import type { DeleteOptions } from './deletion-rules.ts';
import { keyOf, readObject, writeObject } from './stored-object.ts';
import { readAs, toStored } from '../conversion/stored-versions.ts';
import type { DeleteContext, StoreDeps, Target } from './write-request.ts';

/** What came of a deletion: gone for good, or waiting. `object` is its last state either way. */
export interface Deleted {
  readonly gone: boolean;
  readonly object: ClusterObject;
}

export interface DeleteRequest extends DeleteContext {
  readonly options: DeleteOptions;
  /** True when the object goes as one of a collection: admission is not told a name then. */
  readonly ofCollection?: boolean;
  /** True when admission has agreed already, to what the deletion is a part of. */
  readonly admitted?: boolean;
}

/** As for updates: some writer always gets through. */
const attempts = 1000;

function isCustomResourceDefinition({ kind }: Target): boolean {
  return kind.group === 'apiextensions.k8s.io' && kind.kind === 'CustomResourceDefinition';
}

function mark(target: Target, next: ClusterObject, end: { grace: number; at: string }): void {
  const { metadata } = next;
  const already = metadata.deletionTimestamp !== undefined;
  metadata.deletionTimestamp = end.at;
  if (heldBySpec(target.kind, next))
    next.status = { ...(next.status as object), phase: 'Terminating' }; // a namespace's status
  else if (isCustomResourceDefinition(target))
    next.status = terminating(next.status as DefinitionStatus | undefined, end.at); // a definition's status
  else {
    metadata.deletionGracePeriodSeconds = end.grace;
    if (!already && metadata.generation) metadata.generation++;
  }
}

interface DefinitionStatus {
  readonly conditions?: readonly { readonly type: string }[] | null;
}

/** From its deletion on a definition says that its objects are about to go. */
function terminating(status: DefinitionStatus | undefined, now: string): DefinitionStatus {
  const condition = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: now,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  return {
    ...status,
    conditions: [...(status?.conditions ?? []).filter(({ type }) => type !== condition.type), condition],
  };
}

/** The object as it waits for its end, or `undefined` when nothing has to be waited for. */
function waiting(
  deps: StoreDeps,
  target: Target,
  { old, options }: { old: ClusterObject; options: DeleteOptions },
): ClusterObject | undefined {
  const { kind } = target;
  const finalizers = finalizersFor(kind, old, options);
  const grace = graceSeconds(kind, old, options);
  if (finalizers.length === 0 && grace === 0 && !heldBySpec(kind, old)) return undefined;
  const next = structuredClone(old);
  if (finalizers.length > 0) next.metadata.finalizers = finalizers;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata;
  // A second deletion may shorten the wait, never lengthen it.
  const sooner = deletionTimestamp === undefined || grace < deletionGracePeriodSeconds;
  if (sooner) mark(target, next, { grace, at: timestamp(deps.clock.now() + grace * 1000) });
  return next;
}

function admissionOf(target: Target, old: ClusterObject, request: DeleteRequest): AdmissionAttempt {
  const options = { ...request.options, ...(request.dryRun && { dryRun: ['All'] }) };
  return new AdmissionAttempt({
    operation: 'DELETE',
    target: request.ofCollection ? { ...target, name: '' } : target,
    object: old,
    old,
    context: { ...request, options },
  });
}

/** Both phases at once: nothing is made of an object that only goes. */
function admit({ admission }: StoreDeps, attempted: AdmissionAttempt): Promise<void> | undefined {
  const mutating = admission.mutate(attempted);
  return mutating ? mutating.then(() => admission.validate(attempted)) : admission.validate(attempted);
}

async function remove(
  deps: StoreDeps,
  target: Target,
  { stored, old, request }: { stored: Version; old: ClusterObject; request: DeleteRequest },
): Promise<Deleted> {
  const { kind } = target;
  const next = waiting(deps, target, { old, options: request.options });
  if (request.dryRun) return { gone: !next, object: next ?? old };
  const last = next ?? old;
  const written = kind.conversion ? await toStored(deps, kind, last) : { kind, object: last };
  const value = (revision: number): string => writeObject(written.kind, written.object, revision);
  let version: Version = stored;
  if (!next) version = await deps.storage.remove(stored.key, stored, value);
  else if (JSON.stringify(next) !== JSON.stringify(old)) version = await deps.storage.put(stored.key, stored, value);
  return { gone: !next, object: kind.conversion ? await readAs(deps, kind, version) : readObject(kind, version) };
}

async function attempt(deps: StoreDeps, target: Target, request: DeleteRequest): Promise<Deleted> {
  const { kind, namespace, name } = target;
  const key = keyOf(kind, namespace, name);
  const stored = deps.storage.newest(key);
  if (!stored) throw notFound(kind, name);
  const old = kind.conversion ? await readAs(deps, kind, stored) : readObject(kind, stored);
  checkDeletePreconditions(old, target, request.options);
  const admission = admissionOf(target, old, request);
  try {
    const admitting = request.admitted ? undefined : admit(deps, admission);
    if (admitting) await admitting;
    return await remove(deps, target, { stored, old, request });
  } catch (error) {
    admission.undo();
    throw error;
  }
}

/** Deletes an object, or marks it as on its way out where finalizers or a node must be waited for. */
export async function deleteObject(deps: StoreDeps, target: Target, request: DeleteRequest): Promise<Deleted> {
  checkDeleteOptions(request.options);
  for (let left = attempts; ; left--) {
    try {
      return await attempt(deps, target, request);
    } catch (error) {
      if (!(error instanceof StaleWrite)) throw error;
      if (left === 1) throw conflict(target.kind, target.name);
    }
  }
}

/** The Status that answers for an object that is gone at once. */
export function deletedStatus({ kind, name }: Target, object: ClusterObject): Omit<Status, 'code'> {
  const { group, resource } = kind;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group && { group }), kind: resource, uid: object.metadata.uid },
  };
}
