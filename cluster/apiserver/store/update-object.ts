import { timestamp } from '@kit/base';
import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { trackUpdate } from '../fields/track-update.ts';
import { StaleWrite } from '../storage/storage.ts';
import { identityOf } from '../storage/version.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import type { Version } from '../storage/version.ts';
import { sameJson } from '../schema/same-json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { AdmissionAttempt } from './admission-attempt.ts';
import { conflict, invalid, notFound } from './api-errors.ts';
import { isGone } from './deletion-rules.ts';
import { apiVersionOf } from './kind-registry.ts';
import { checkPlace, checkPreconditions, finalizerCauses, keepMetadata } from './object-metadata.ts';
import { settleFields } from './settle-fields.ts';
import { keyOf, readObject, writeObject } from './stored-object.ts';
import { answerOf } from './written-answer.ts';
import { toStored, versionAs } from '../conversion/stored-versions.ts';
import type { Allocation, ObjectKind, StoreDeps, Target, WriteContext, Written } from './write-request.ts';

export interface UpdateRequest {
  readonly context: WriteContext;
  /**
   * `main` and `status` obey the kind's strategy. `part` is a subresource that may change one thing the main endpoint may
   * not, and `binding` the server's own doing, which no manager owns and which is admitted already: the rules of both are
   * in `change`.
   */
  readonly mode: 'main' | 'status' | 'part' | 'binding';
  /** Makes the new object out of the stored one, which it may change. Called again when another writer was faster. */
  change(current: ClusterObject): ClusterObject;
  /** True when `change` has set managedFields itself, as server-side apply does. */
  readonly managed?: boolean;
  /** True when `change` makes anew what it changes and gives back all else of the object as the values it was given. */
  readonly keepsValues?: boolean;
  /** Where the body is of another kind than the object, e.g. its Scale: what admission sees of the object. */
  readonly shownAs?: {
    readonly kind: ObjectKind;
    of(object: ClusterObject): ClusterObject;
    /** `object` with what admission has made of the part it was shown. */
    into(object: ClusterObject, shown: ClusterObject): ClusterObject;
  };
}

/** Whoever is overtaken starts anew: some writer always gets through, so this only ends what would go on for ever. */
const attempts = 1000;

function strategyCauses(
  { kind, subresource }: Target,
  { next, old, request }: { next: ClusterObject; old: ClusterObject; request: UpdateRequest },
): Cause[] {
  // a built-in kind is checked once more for what all kinds are checked for, and says it again
  const again = kind.builtin ? finalizerCauses(next, old) : [];
  if (request.mode === 'main') return [...again, ...kind.strategy.validateUpdate(next, old)];
  // like a status, what finalizes a namespace brings metadata
  return request.mode === 'status' || subresource === 'finalize' ? kind.strategy.validateStatusUpdate(next, old) : [];
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
  if (request.mode === 'main') request.context.warnings.push(...newWarnings(target.kind, next, old));
}

/** Of finalizers that were there before nothing is said again. */
function newWarnings({ strategy }: KindInfo, next: ClusterObject, old: ClusterObject): string[] {
  const warnings = strategy.warnings(next, old);
  if (warnings.length === 0) return warnings;
  const said = new Set(strategy.warnings(old));
  return warnings.filter((text) => !text.startsWith('metadata.finalizers') || !said.has(text));
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
function comparable(object: ClusterObject): Json {
  const owners = object.metadata.managedFields?.map((entry) => ({ ...(entry as JsonObject), time: '' })); // entries are objects
  const { managedFields: _managers, resourceVersion: _revision, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(owners && { managedFields: owners }) } as JsonObject }; // objects of the store are JSON
}

async function save(
  deps: StoreDeps,
  target: Target,
  write: { next: ClusterObject; stored: Version },
): Promise<Version> {
  const { kind } = target;
  const key = keyOf(kind, target.namespace, target.name);
  const stored = kind.conversion ? await toStored(deps, kind, write.next) : { kind, object: write.next };
  const json = (revision: number): string => writeObject(stored.kind, stored.object, revision);
  if (isGone(kind, write.next)) return deps.storage.remove(key, write.stored, json);
  return deps.storage.put(key, write.stored, { json, identity: identityOf(write.next) });
}

/** The changed object as it goes into admission. */
function propose(
  deps: StoreDeps,
  target: Target,
  from: { view: Version; old: ClusterObject; request: UpdateRequest },
): ClusterObject {
  const { view, old, request } = from;
  const { kind } = target;
  const { context, keepsValues } = request;
  // Of an object whose status changes all else stays as it is: the new and the old one may have it in common.
  const current = keepsValues && kind.builtin && request.mode === 'status' ? old : readObject(kind, view);
  const next = settleFields(kind, request.change(current), { context, stored: keepsValues ? current : undefined });
  checkPlace(next, target);
  if (target.namespace) next.metadata.namespace = target.namespace;
  checkPreconditions(next, old, { ...target, dryRun: request.context.dryRun });
  if (request.mode !== 'main') keepMetadata(next, old);
  if (request.mode === 'status') keepAllButStatus(kind, next, old);
  track(target, { next, old, request }, timestamp(deps.clock.now()));
  return next;
}

interface Attempt {
  readonly request: UpdateRequest;
  readonly old: ClusterObject;
  readonly proposed: ClusterObject;
  readonly admission: AdmissionAttempt;
  readonly allocation: Allocation;
}

function startAdmission(
  target: Target,
  { request, old, proposed }: Pick<Attempt, 'request' | 'old' | 'proposed'>,
): AdmissionAttempt {
  const { shownAs, context } = request;
  const shown = shownAs && { objectKind: shownAs.kind, object: shownAs.of(proposed), old: shownAs.of(old) };
  return new AdmissionAttempt({ operation: 'UPDATE', target, object: proposed, old, context, ...shown });
}

/** What the rules of the kind make of an object after mutation; admission validates that. */
function complete(deps: StoreDeps, target: Target, attempted: Attempt): ClusterObject {
  const { request, old, proposed, admission } = attempted;
  const { shownAs } = request;
  const next = shownAs ? shownAs.into(proposed, admission.object) : admission.object;
  keepMetadata(next, old); // whatever a webhook has made of it
  applyStrategy(deps, target, { ...attempted, next });
  next.metadata.resourceVersion = old.metadata.resourceVersion;
  if (shownAs) admission.object = shownAs.of(next);
  return next;
}

/** Stores what is to be stored, and undoes what only was tried. */
async function settle(
  deps: StoreDeps,
  target: Target,
  { next, stored, attempted, undo }: { next: ClusterObject; stored: Version; attempted: Attempt; undo: () => void },
): Promise<Written> {
  const { kind } = target;
  const { old, request } = attempted;
  const changed = !sameJson(comparable(next), comparable(old)) || isGone(kind, next);
  if (changed && !request.context.dryRun) {
    const version = await save(deps, target, { next, stored });
    return { ...(await answerOf(deps, kind, { version, object: next })), created: false };
  }
  undo();
  return { object: changed ? next : old, created: false };
}

/** Between reading and writing nothing is waited for unless a step of admission waits; then another writer may be faster. */
async function attempt(deps: StoreDeps, target: Target, request: UpdateRequest): Promise<Written> {
  const { kind } = target;
  const stored = deps.storage.newest(keyOf(kind, target.namespace, target.name));
  if (!stored) throw notFound(kind, target.name);
  const view = kind.conversion ? await versionAs(deps, kind, stored) : stored;
  const old = readObject(kind, view);
  const allocation = deps.allocate(request.context.dryRun);
  const admitted = request.mode !== 'binding';
  let admission: AdmissionAttempt | undefined;
  const undo = (): void => {
    allocation.release();
    admission?.undo();
  };
  try {
    const proposed = propose(deps, target, { view, old, request });
    admission = startAdmission(target, { request, old, proposed });
    const attempted: Attempt = { request, old, proposed, admission, allocation };
    const mutating = admitted && deps.admission.mutate(admission);
    if (mutating) await mutating;
    const next = complete(deps, target, attempted);
    const validating = admitted && deps.admission.validate(admission);
    if (validating) await validating;
    return await settle(deps, target, { next, stored, attempted, undo });
  } catch (error) {
    undo();
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
      if (!(error instanceof StaleWrite)) throw error;
      if (left === 1) throw conflict(target.kind, target.name);
      request.context.warnings.length = warnings;
    }
  }
}
