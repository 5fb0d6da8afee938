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
  request: { given: ClusterObject; context: WriteContext; allocation: Allocation; managed?: boolean },
): ClusterObject {
  const { given, context, allocation } = request;
  const { kind } = target;
  const { strategy } = kind;
  const now = timestamp(deps.clock.now());
  const sent = request.managed ? given.metadata.managedFields : undefined;
  const object = settleFields(kind, given, context);
  checkPlace(object, target);
  const managedFields = request.managed ? sent : trackCreate(target, object, { manager: context.fieldManager, now });
  startMetadata(object, target, now);
  if (!object.metadata.name && object.metadata.generateName) {
    object.metadata.name = freeName(deps, target, object.metadata.generateName);
  }
  deps.admit({
    operation: 'CREATE',
    target: { ...target, name: object.metadata.name ?? '' },
    object,
    old: undefined,
    caller: context.caller,
  });
  const { name: user, groups } = context.caller;
  strategy.prepareForCreate(object, { now, user, groups, dryRun: context.dryRun, ...allocation.context });
  const causes = strategy.validate(object);
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? '', causes);
  context.warnings.push(...strategy.warnings(object));
  if (managedFields?.length) object.metadata.managedFields = managedFields;
  return object;
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
  let name = request.object.metadata.name;
  try {
    const object = prepare(deps, target, { given: request.object, context, allocation, managed: request.managed });
    name = object.metadata.name;
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
