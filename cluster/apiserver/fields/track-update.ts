import type { ClusterObject } from '../../client.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import { sameJson } from '../schema/same-json.ts';
import { completeZeroValues } from '../schema/zero-values.ts';
import { compareFields } from './compare-fields.ts';
import { emptySet, FieldSet } from './field-set.ts';
import { shapeOf } from './shape-of.ts';
import {
  decodeManagers,
  encodeManagers,
  isReset,
  isSameManager,
  type ManagedEntry,
  type Manager,
  unownedFields,
} from './managed-fields.ts';

export interface UpdateTracking {
  /** Undefined on create. */
  readonly before: ClusterObject | undefined;
  readonly after: ClusterObject;
  readonly manager: string;
  readonly schema: Schema;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly now: string;
}

/**
 * managedFields after a create, update or patch: what changed belongs to its manager now and to nobody else. A client
 * may send managedFields of its own, which are taken; `[{}]` drops them all.
 */
export function trackUpdate(update: UpdateTracking): ManagedEntry[] {
  const { before, after, schema, now } = update;
  const sent = after.metadata.managedFields;
  if (isReset(sent)) return [];
  if (isPlainCreate(update))
    return encodeManagers([{ ...identityOf(update), time: now, fields: createdFields(update) }]);
  const known = knownManagers(sent, before?.metadata.managedFields);
  const { added, modified, removed } = compareFields(schema, startOf(update), plain(after));
  const changed = added.union(modified).difference(unownedFields);
  const self = identityOf(update);
  const mine = known.find((manager) => isSameManager(manager, self));
  const fields = (mine?.fields ?? emptySet).difference(removed).union(changed);
  const time = mine?.fields.equals(fields) ? mine.time : now;
  const others = known
    .filter((manager) => manager !== mine)
    .map((manager) => ({ ...manager, fields: manager.fields.difference(changed).difference(removed) }));
  if (update.subresource === 'scale') return scaleManagers(update, others, { ...self, time: undefined, fields });
  return encodeManagers([...others, { ...self, time, fields }]);
}

/** Those of the stored object unless others were sent; what is stored need not be written anew. */
function knownManagers(sent: readonly unknown[] | undefined, stored: readonly unknown[] | undefined): Manager[] {
  const isSent = sent?.length && !sameJson(sent as Json[], stored as Json[] | undefined); // an object is JSON
  return isSent ? decodeManagers(sent) : decodeManagers(stored, FieldSet.fromOwn);
}

const isPlainCreate = ({ before, after, subresource }: UpdateTracking): boolean =>
  !before && subresource === '' && !after.metadata.managedFields?.length;

const mostShapes = 500;
const ofShapes = new WeakMap<Schema, Map<string, FieldSet>>();

/** What belongs to who creates an object: the same for all of one shape, as events and leases are. */
function createdFields(update: UpdateTracking): FieldSet {
  const { after, schema } = update;
  const compared = (): FieldSet => {
    const { added, modified } = compareFields(schema, startOf(update), plain(after));
    return added.union(modified).difference(unownedFields);
  };
  const shape = shapeOf(plain(after));
  if (shape === undefined) return compared();
  let known = ofShapes.get(schema);
  if (!known || known.size > mostShapes) ofShapes.set(schema, (known = new Map<string, FieldSet>()));
  let fields = known.get(shape);
  if (!fields) known.set(shape, (fields = compared().written()));
  return fields;
}

const identityOf = ({ manager, apiVersion, subresource }: UpdateTracking): Omit<Manager, 'fields' | 'time'> => ({
  name: manager,
  operation: 'Update',
  apiVersion,
  subresource,
});

const replicas = new FieldSet([], [['f:spec', new FieldSet(['f:replicas'])]]);

/**
 * Who owns what after an update through the scale. The real server keeps no time there, for a built-in kind not even the
 * manager; and a number of zero, which a Scale leaves out, belongs to nobody.
 */
function scaleManagers({ after, schema }: UpdateTracking, others: readonly Manager[], self: Manager): ManagedEntry[] {
  if (!schema.go) return encodeManagers([...others, self]);
  const { replicas: wanted } = (after.spec ?? {}) as { replicas?: number }; // a built-in kind with a scale has one
  if (wanted) return encodeManagers(others);
  return encodeManagers(others.map((manager) => ({ ...manager, fields: manager.fields.difference(replicas) })));
}

const startOf = ({ before, schema, after }: UpdateTracking): Json =>
  before ? plain(before) : emptyObject(schema, after);

/** What exists of an object before it is created: a built-in kind's empty structs, nothing of a custom kind. */
function emptyObject(schema: Schema, after: ClusterObject): Json {
  const empty: JsonObject = { apiVersion: after.apiVersion, kind: after.kind, metadata: {} };
  if (schema.go) completeZeroValues(schema, empty);
  return empty;
}

function plain(object: ClusterObject): Json {
  return object; // objects of the store are JSON
}
