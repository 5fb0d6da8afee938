import type { ClusterObject } from '../../client.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { decodeBuiltin, DecodeProblem, notHandled } from '../codec/decode-builtin.ts';
import { builtinSchema } from '../schema/builtin-schema.ts';
import { reportFields } from '../store/settle-fields.ts';
import { badRequest, invalid, notFound } from '../store/api-errors.ts';
import { readAs } from '../conversion/stored-versions.ts';
import { keyOf } from '../store/stored-object.ts';
import { updateObject } from '../store/update-object.ts';
import type { StoreDeps, Target, WriteContext } from '../store/write-request.ts';

interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  /** Where a custom kind keeps its selector as text. */
  readonly selector?: readonly string[];
}

const steps = (path: string): string[] => path.split('.').filter((step) => step !== '');

function pathsOf({ scale }: KindInfo): ScalePaths {
  if (!scale) return { spec: ['spec', 'replicas'], status: ['status', 'replicas'] };
  return {
    spec: steps(scale.specReplicasPath),
    status: steps(scale.statusReplicasPath),
    ...(scale.labelSelectorPath && { selector: steps(scale.labelSelectorPath) }),
  };
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  const inside = (value: unknown, step: string): unknown => (value as Record<string, unknown> | undefined)?.[step]; // any value has fields, or none
  return path.reduce(inside, object);
}

function setAt(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = object;
  for (const step of path.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>; // the schema has checked that these are objects
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
}

/** A label selector as the text a query takes. */
function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = (selector ?? {}) as Selector; // the schema has checked it
  // A replication controller's selector is the labels themselves.
  const bare = (selector ?? {}) as Record<string, string>; // as above
  const labels = matchLabels ?? (matchExpressions ? {} : bare);
  const pairs = Object.entries(labels).map(([key, value]) => [key, `${key}=${value}`] as const);
  const more = (matchExpressions ?? []).map((requirement) => [requirement.key, requirementText(requirement)] as const);
  return [...pairs, ...more]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(',');
}

/** The `autoscaling/v1` Scale of an object. */
export function scaleOf(kind: KindInfo, object: ClusterObject): ClusterObject {
  const paths = pathsOf(kind);
  const wanted = valueAt(object, paths.spec);
  const selector = kind.builtin
    ? selectorText(valueAt(object, ['spec', 'selector']))
    : paths.selector && valueAt(object, paths.selector);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: wanted ? { replicas: wanted } : {},
    status: { replicas: valueAt(object, paths.status) ?? 0, ...(selector ? { selector } : {}) },
  };
}

/** Reads the Scale of a stored object. */
export async function readScale(deps: StoreDeps, target: Target): Promise<ClusterObject> {
  const version = deps.storage.get(keyOf(target.kind, target.namespace, target.name));
  if (!version) throw notFound(target.kind, target.name);
  return scaleOf(target.kind, await readAs(deps, target.kind, version));
}

/** What a scale subresource takes and answers. */
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

const scaleSchema = 'io.k8s.api.autoscaling.v1.Scale';

/** A body in the shape of a Scale. Throws `BadRequest` for a value of a wrong type and, if the request is strict, a field too many. */
export function shapedScale(body: ClusterObject, context: WriteContext): ClusterObject {
  try {
    const { object, unknownFields } = decodeBuiltin(builtinSchema(scaleSchema), body);
    reportFields(
      scaleKind,
      unknownFields.map((path) => `unknown field "${path}"`),
      context,
    );
    return object as ClusterObject; // its schema requires what the type does
  } catch (error) {
    throw error instanceof DecodeProblem ? notHandled(scaleKind, error.message) : error;
  }
}

/** Where an object keeps the number of its replicas, as a path in messages. */
export function replicasField(kind: KindInfo): string {
  return `.${pathsOf(kind).spec.join('.')}`;
}

/** `object` as its Scale wants it. Throws `Invalid` for less than none, and `BadRequest` for replicas that are no number. */
export function scaled(kind: KindInfo, object: ClusterObject, scale: ClusterObject): ClusterObject {
  const replicas = valueAt(scale, ['spec', 'replicas']) ?? 0;
  if (Number(replicas) < 0) {
    const message = `Invalid value: ${Number(replicas)}: must be greater than or equal to 0`;
    throw invalid(scaleKind, object.metadata.name, [{ field: 'spec.replicas', message, reason: 'FieldValueInvalid' }]);
  }
  if (!Number.isInteger(replicas)) {
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number of 0 or more, not ${JSON.stringify(replicas)}`,
    );
  }
  setAt(object, pathsOf(kind).spec, replicas);
  return object;
}

/** Sets the replicas of an object to what `change` makes of its Scale. */
export async function updateScale(
  deps: StoreDeps,
  target: Target,
  request: { context: WriteContext; change(scale: ClusterObject): ClusterObject },
): Promise<ClusterObject> {
  const { kind } = target;
  const { object } = await updateObject(deps, target, {
    context: request.context,
    mode: 'main',
    shownAs: {
      kind: scaleKind,
      of: (whole) => scaleOf(kind, whole),
      into: (whole, scale) => scaled(kind, whole, scale),
    },
    change: (current) => {
      const scale = shapedScale(request.change(scaleOf(kind, current)), request.context);
      const { name, resourceVersion, uid } = scale.metadata;
      if (name && name !== target.name)
        throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
      Object.assign(current.metadata, { ...(resourceVersion && { resourceVersion }), ...(uid && { uid }) });
      return scaled(kind, current, scale);
    },
  });
  return scaleOf(kind, object);
}
