import type { ClusterObject } from '../../client.ts';
import { decodeBuiltin, DecodeProblem, notHandled } from '../codec/decode-builtin.ts';
import type { KindInfo } from '../kinds/kind-info.ts';
import { prune } from '../schema/prune.ts';
import { apiVersionOf } from './kind-registry.ts';
import type { WriteContext } from './write-request.ts';

/** Refuses or reports what a body has too much: `unknown field "spec.x"`, `duplicate field "spec.y"`. */
export function reportFields(
  kind: Parameters<typeof notHandled>[0],
  problems: readonly string[],
  context: WriteContext,
): void {
  if (problems.length === 0 || context.fieldValidation === 'Ignore') return;
  if (context.fieldValidation === 'Strict') throw notHandled(kind, `strict decoding error: ${problems.join(', ')}`);
  context.warnings.push(...problems);
}

/** No object's metadata is this: metadata is always made anew, since the write changes it. */
const noMetadata = { name: '' };

/** The object in the shape of its kind: without fields the kind does not have. Throws `BadRequest` for a wrong type. */
function shaped(
  kind: KindInfo,
  object: ClusterObject,
  known: ClusterObject | undefined,
): { object: ClusterObject; unknownFields: readonly string[] } {
  if (!kind.builtin) return { object, unknownFields: prune(kind.schema, object) }; // came as JSON or from our own process
  try {
    const decoded = decodeBuiltin(kind.schema, object, { known }); // as above
    return { object: decoded.object as ClusterObject, unknownFields: decoded.unknownFields }; // its schema requires what the type does
  } catch (error) {
    if (error instanceof DecodeProblem) throw notHandled(kind, error.message);
    throw error;
  }
}

/** An owner that is named twice in the same words is kept once, and told of. */
function dropRepeatedOwners({ metadata }: ClusterObject, context: WriteContext): void {
  const owners = (metadata.ownerReferences ?? []).map((owner) => ({ owner, text: JSON.stringify(owner) }));
  const once = owners.filter(({ text }, index) => owners.findIndex((other) => other.text === text) === index);
  if (once.length === owners.length) return;
  const repeated = owners.filter((owner) => !once.includes(owner)).map(({ owner }) => owner.uid);
  metadata.ownerReferences = once.map(({ owner }) => owner);
  context.warnings.push(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...new Set(repeated)].join(', ')}`,
  );
}

/**
 * Drops the fields the kind does not have, as the request wishes it, and fills in defaults. Values that are those of
 * `stored`, and not only like them, have been through this.
 */
export function settleFields(
  kind: KindInfo,
  given: ClusterObject,
  { context, stored }: { context: WriteContext; stored?: ClusterObject | undefined },
): ClusterObject {
  const { object, unknownFields } = shaped(kind, given, stored && { ...stored, metadata: noMetadata });
  reportFields(
    kind,
    unknownFields.map((path) => `unknown field "${path}"`),
    context,
  );
  object.kind = kind.kind;
  object.apiVersion = apiVersionOf(kind);
  (object as { metadata?: object }).metadata ??= {}; // a body may come without
  const { ownerReferences } = object.metadata;
  if (ownerReferences && ownerReferences.length > 1) dropRepeatedOwners(object, context);
  kind.strategy.defaults(object);
  return object;
}
