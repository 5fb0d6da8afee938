import { timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { trackUpdate } from '../fields/track-update.ts';
import { StaleWrite } from '../storage/storage.ts';
import { identityOf } from '../storage/version.ts';
import type { Version } from '../storage/version.ts';
import { alreadyExists, invalid } from './api-errors.ts';
import { apiVersionOf } from './kind-registry.ts';
import { AdmissionAttempt } from './admission-attempt.ts';
import { checkPlace, cleanMetadata, generateName, startMetadata } from './object-metadata.ts';
import { keyOf, writeObject } from './stored-object.ts';
import { answerOf } from './written-answer.ts';
import { toStored } from '../conversion/stored-versions.ts';
import type { Allocation, StoreDeps, Target, WriteContext, Written } from './write-request.ts';
import { settleFields } from './settle-fields.ts';

const generateAttempts = 8;

/** A name nobody has yet, as far as chance allows. */
function freeName(deps: StoreDeps, target: Target, prefix: string): string {
  for (let attempt = 1; ; attempt++) {
    const name = generateName(prefix);
    if (attempt >= generateAttempts || !deps.storage.newest(keyOf(target.kind, target.namespace, name))) return name;
  }
}

interface Draft {
  readonly object: ClusterObject;
  readonly now: string;
}

/** What the client sent, in the shape of its kind, and who owns its fields. */
function draft(deps: StoreDeps, target: Target, { object: given, context, managed }: CreateRequest): Draft {
  const { kind } = target;
  const now = timestamp(deps.clock.now());
  const sent = managed ? given.metadata.managedFields : undefined;
  const object = settleFields(kind, given, { context });
  checkPlace(object, target);
  const managedFields = managed ? sent : trackCreate(target, object, { manager: context.fieldManager, now });
  cleanMetadata(object, target);
  if (managedFields?.length) object.metadata.managedFields = managedFields;
  return { object, now };
}

/** What the server makes of an admitted object. Throws `Invalid`. */
function complete(
  deps: StoreDeps,
  target: Target,
  { object, now, context, allocation }: Draft & { context: WriteContext; allocation: Allocation },
): void {
  const { kind } = target;
  const { strategy } = kind;
  const { managedFields } = object.metadata;
  delete object.metadata.managedFields;
  startMetadata(object, target, now);
  if (!object.metadata.name && object.metadata.generateName) {
    object.metadata.name = freeName(deps, target, object.metadata.generateName);
  }
  const { name: user, groups } = context.caller;
  strategy.prepareForCreate(object, { now, user, groups, dryRun: context.dryRun, ...allocation.context });
  const causes = strategy.validate(object);
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? '', causes);
  context.warnings.push(...strategy.warnings(object));
  if (managedFields?.length) object.metadata.managedFields = managedFields;
}

/** Who sends a field owns it, with the defaults; what the server adds from here on is nobody's, and status not theirs. */
export function trackCreate(
  { kind }: Target,
  object: ClusterObject,
  tracking: { manager: string; now: string },
): ReturnType<typeof trackUpdate> {
  const { status, ...rest } = object;
  const after = kind.strategy.hasStatus || status === undefined ? rest : object;
  return trackUpdate({
    before: undefined,
    after: {
      ...after,
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: { ...object.metadata, managedFields: undefined },
    },
    manager: tracking.manager,
    schema: kind.schema,
    apiVersion: apiVersionOf(kind),
    subresource: '',
    now: tracking.now,
  });
}

const isEnding = (version: Version): boolean => 'deletionTimestamp' in version.object().metadata;

export interface CreateRequest {
  readonly object: ClusterObject;
  readonly context: WriteContext;
  /** True when the object carries its managedFields already, as server-side apply makes them. */
  readonly managed?: boolean;
}

async function save(deps: StoreDeps, { kind, namespace }: Target, object: ClusterObject): Promise<Written> {
  const stored = kind.conversion ? await toStored(deps, kind, object) : { kind, object };
  const version = await deps.storage.put(keyOf(kind, namespace, object.metadata.name), undefined, {
    json: (revision) => writeObject(stored.kind, stored.object, revision),
    identity: identityOf(object),
  });
  return { ...(await answerOf(deps, kind, { version, object })), created: true };
}

/** Stores a new object: complete, admitted, valid. Throws `AlreadyExists`, `Invalid`, `Forbidden` and the like. */
export async function createObject(deps: StoreDeps, target: Target, request: CreateRequest): Promise<Written> {
  const { context } = request;
  const { kind, namespace } = target;
  const allocation = deps.allocate(context.dryRun);
  let name = request.object.metadata.name;
  let admission: AdmissionAttempt | undefined;
  try {
    const started = draft(deps, target, request);
    const { object: sent } = started;
    admission = new AdmissionAttempt({
      operation: 'CREATE',
      target: { ...target, name: sent.metadata.name ?? '' },
      object: sent,
      old: undefined,
      context,
    });
    const mutating = deps.admission.mutate(admission);
    if (mutating) await mutating;
    const { object } = admission;
    complete(deps, target, { ...started, object, context, allocation });
    name = object.metadata.name;
    admission.target = { ...target, name };
    const validating = deps.admission.validate(admission);
    if (validating) await validating;
    const existing = deps.storage.newest(keyOf(kind, namespace, name));
    if (existing) throw alreadyExists(kind, name, isEnding(existing) ? 'object is being deleted: ' : '');
    if (context.dryRun) {
      allocation.release();
      admission.undo();
      return { object, created: true };
    }
    return await save(deps, admission.target, object);
  } catch (error) {
    allocation.release();
    admission?.undo();
    if (error instanceof StaleWrite) throw alreadyExists(kind, name);
    throw error;
  }
}
