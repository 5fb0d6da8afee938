import { ApiError, type Cause } from '@kit/base';
import type { ClusterObject } from '../../client.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { checkApplied } from './check-applied.ts';
import { compareFields } from './compare-fields.ts';
import type { FieldSet } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import { decodeManagers, encodeManagers, isSameManager, type Manager, unownedFields } from './managed-fields.ts';
import { mergeApplied } from './merge-applied.ts';
import { removeFields } from './remove-fields.ts';

export interface Apply {
  /** Undefined when the object does not exist yet. */
  readonly live: ClusterObject | undefined;
  /** Exactly what the client sent. */
  readonly applied: ClusterObject;
  readonly manager: string;
  readonly force: boolean;
  readonly schema: Schema;
  readonly apiVersion: string;
  readonly subresource: string;
  /** The kind has /status: the main endpoint does not take status, /status takes nothing else. */
  readonly hasStatus: boolean;
  readonly now: string;
}

/**
 * The object after a server-side apply, managedFields included; defaults and validation are the store's. Throws
 * `Conflict` when another manager owns a field that would change, and `BadRequest` when managedFields were sent.
 */
export function applyFields(apply: Apply): ClusterObject {
  const { schema, manager, now } = apply;
  if (apply.applied.metadata.managedFields) throw new ApiError('BadRequest', 'metadata.managedFields must be nil');
  checkApplied(schema, apply.applied);
  const applied = relevant(apply);
  const { managedFields, ...metadata } = apply.live?.metadata ?? { name: applied.metadata.name };
  const { apiVersion, kind } = applied;
  const start = json(apply.live ? { ...apply.live, metadata } : { apiVersion, kind, metadata: {} });

  const known = decodeManagers(managedFields);
  const self = {
    name: manager,
    operation: 'Apply',
    apiVersion: apply.apiVersion,
    subresource: apply.subresource,
  } as const;
  const mine = known.find((other) => isSameManager(other, self));
  const others = known.filter((other) => other !== mine);
  const fields = fieldsOf(schema, json(applied)).difference(unownedFields);

  const merged = mergeApplied(schema, start, json(applied));
  const result = withoutDropped(schema, merged, { before: mine?.fields, after: fields, others });
  const { added, modified, removed } = compareFields(schema, start, result);
  const taken = takeOver(others, added.union(modified), apply.force);
  const kept = taken.map((other) => ({ ...other, fields: other.fields.difference(removed) }));
  // An apply that changes nothing but who owns what has no time of its own.
  const unchanged = apply.live !== undefined && added.union(modified).union(removed).isEmpty;
  const entries = encodeManagers([...kept, { ...self, time: unchanged ? mine?.time : now, fields }]);
  const object = result as unknown as ClusterObject; // the merge of two whole objects
  if (entries.length > 0) object.metadata.managedFields = entries;
  return object;
}

function json(object: object): JsonObject {
  return object as JsonObject; // objects of requests and of the store are JSON
}

/** What was sent, without the parts that this endpoint does not take. */
function relevant({ applied, subresource, hasStatus }: Apply): ClusterObject {
  const { resourceVersion: _resourceVersion, uid: _uid, creationTimestamp: _created, ...metadata } = applied.metadata;
  if (!hasStatus) return { ...applied, metadata };
  if (subresource === 'status') {
    const { apiVersion, kind } = applied;
    const status: unknown = applied['status'];
    return { apiVersion, kind, metadata: { name: metadata.name }, ...(status !== undefined && { status }) };
  }
  const { status: _status, ...rest } = applied;
  return { ...rest, apiVersion: applied.apiVersion, kind: applied.kind, metadata };
}

/** The merged value without what this manager used to apply, does not apply any more, and nobody else owns. */
function withoutDropped(
  schema: Schema,
  merged: Json,
  owners: { before: FieldSet | undefined; after: FieldSet; others: readonly Manager[] },
): Json {
  if (!owners.before) return merged;
  const owned = owners.others.reduce((all, other) => all.union(other.fields), owners.after).union(unownedFields);
  const dropped = owners.before.withContainers().difference(owned.withContainers());
  return removeFields(schema, merged, dropped) ?? {};
}

/** The other managers without what this apply changes. Throws `Conflict` unless forced. */
function takeOver(others: readonly Manager[], changed: FieldSet, force: boolean): Manager[] {
  const conflicts = others.map((other) => ({ other, fields: other.fields.intersection(changed) }));
  const real = conflicts.filter(({ fields }) => !fields.isEmpty);
  if (real.length > 0 && !force) throw conflictError(real);
  return conflicts.map(({ other, fields }) => ({ ...other, fields: other.fields.difference(fields) }));
}

function conflictError(conflicts: readonly { other: Manager; fields: FieldSet }[]): ApiError {
  const named = conflicts.map(({ other, fields }) => ({ who: printedManager(other), paths: fields.paths() }));
  named.sort((a, b) => (a.who < b.who ? -1 : 1));
  const causes: Cause[] = named.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const [first] = causes;
  if (causes.length === 1 && first) {
    const message = `Apply failed with 1 conflict: ${first.message}: ${first.field}`;
    return new ApiError('Conflict', message, { details: { causes } });
  }
  const lists = named.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((path) => `- ${path}`).join('\n')}`);
  const message = `Apply failed with ${causes.length} conflicts: ${lists.join('\n')}`;
  return new ApiError('Conflict', message, { details: { causes } });
}

function printedManager({ name, operation, apiVersion, subresource, time }: Manager): string {
  const who = JSON.stringify(name) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '');
  if (operation === 'Apply') return who;
  return `${who} using ${apiVersion}${subresource && time ? ` at ${time}` : ''}`;
}
