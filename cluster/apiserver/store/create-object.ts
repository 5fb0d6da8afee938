import { timestamp } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import { trackUpdate } from '../fields/track-update.ts';
import { StaleWrite } from '../storage/storage.ts';
import { alreadyExists, invalid } from './api-errors.ts';
import { apiVersionOf } from './kind-registry.ts';
import { checkPlace, generateName, startMetadata } from './object-metadata.ts';
import { keyOf, readObject, writeObject } from './stored-object.ts';
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

function prepare(
  deps: StoreDeps,
  target: Target,
  request: { given: ClusterObject; context: WriteContext; allocation: Allocation },
): ClusterObject {
  const { given, context, allocation } = request;
  const { kind } = target;
  const { strategy } = kind;
  const now = timestamp(deps.clock.now());
  const object = settleFields(kind, given, context);
  checkPlace(object, target);
  startMetadata(object, target, now);
  if (!object.metadata.name && object.metadata.generateName) {
    object.metadata.name = freeName(deps, target, object.metadata.generateName);
  }
  deps.admit({ operation: 'CREATE', target: { ...target, name: object.metadata.name ?? '' }, object, old: undefined, caller: context.caller });
  const { name: user, groups } = context.caller;
  strategy.prepareForCreate(object, { now, user, groups, dryRun: context.dryRun, ...allocation.context });
  const causes = strategy.validate(object);
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? '', causes);
  context.warnings.push(...strategy.warnings(object));
  return object;
}

/** What is stored of fields that are for input only, e.g. a secret's `stringData`, belongs to the writer as well. */
function track(target: Target, object: ClusterObject, tracking: { manager: string; now: string }): void {
  const managedFields = trackUpdate({
    before: undefined,
    after: object,
    manager: tracking.manager,
    schema: target.kind.schema,
    apiVersion: apiVersionOf(target.kind),
    subresource: '',
    now: tracking.now,
  });
  if (managedFields.length > 0) object.metadata.managedFields = managedFields;
}

export interface CreateRequest {
  readonly object: ClusterObject;
  readonly context: WriteContext;
  /** True when the object carries its managedFields already, as server-side apply makes them. */
  readonly managed?: boolean;
}

/** Stores a new object: complete, admitted, valid. Throws `AlreadyExists`, `Invalid`, `Forbidden` and the like. */
export async function createObject(deps: StoreDeps, target: Target, request: CreateRequest): Promise<Written> {
  const { context } = request;
  const { kind, namespace } = target;
  const allocation = deps.allocate(context.dryRun);
  const { managedFields } = request.object.metadata;
  let name = request.object.metadata.name;
  try {
    const object = prepare(deps, target, { given: request.object, context, allocation });
    name = object.metadata.name;
    if (request.managed) object.metadata.managedFields = managedFields;
    else track(target, object, { manager: context.fieldManager, now: timestamp(deps.clock.now()) });
    const key = keyOf(kind, namespace, name);
    if (deps.storage.newest(key)) throw alreadyExists(kind, name);
    if (context.dryRun) {
      allocation.release();
      return { object, created: true };
    }
    const version = await deps.storage.put(key, undefined, (revision) => writeObject(kind, object, revision));
    return { object: readObject(kind, version), created: true };
  } catch (error) {
    allocation.release();
    if (error instanceof StaleWrite) throw alreadyExists(kind, name);
    throw error;
  }
}
