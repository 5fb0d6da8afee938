import type { ClusterObject } from '../../../client.ts';
import { decodeBuiltin } from '../../codec/decode-builtin.ts';
import { parseJson } from '../../codec/parse-json.ts';
import { convertObject } from '../../conversion/convert-object.ts';
import type { ConversionDeps } from '../../conversion/convert-object.ts';
import { schemaNameOf } from '../../kinds/builtin-kinds.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import { builtinSchema } from '../../schema/builtin-schema.ts';
import { prune } from '../../schema/prune.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { internalError } from '../../store/given-status.ts';
import type { AdmissionRequest } from '../../store/write-request.ts';
import type { Shown, Verdict } from './admission-review.ts';
import { WebhookFailure } from './call-webhook.ts';
import type { Invocation } from './invocation.ts';
import { applyWebhookPatch, patchOperations } from './webhook-patch.ts';

/** True when the webhook sees the object in another version than the request has it. */
function isConverted({ target }: AdmissionRequest, { as, objectKind }: Invocation): boolean {
  return as !== target.kind && objectKind === as;
}

/** The object and its past as the webhook sees them. */
export async function shownTo(deps: ConversionDeps, request: AdmissionRequest, invocation: Invocation): Promise<Shown> {
  const { target, object, old, operation } = request;
  const shown = { object: operation === 'DELETE' ? undefined : object, old };
  if (!isConverted(request, invocation)) return shown;
  const convert = async (one: ClusterObject | undefined): Promise<ClusterObject | undefined> =>
    one && convertObject(deps, one, { from: target.kind, to: invocation.as });
  return { object: await convert(shown.object), old: await convert(shown.old) };
}

function operationsOf(webhook: string, text: string): ReturnType<typeof patchOperations> {
  try {
    return patchOperations(parseJson(text).value);
  } catch (error) {
    const { message } = error as Error; // nothing else is thrown
    throw new WebhookFailure(webhook, `received undecodable patch in webhook response: ${message}`, error);
  }
}

/** In the shape of its kind, with its defaults. Throws the 500 of the real server for a wrong type. */
export function shaped(
  kind: KindInfo | undefined,
  invocation: Pick<Invocation, 'objectKind'>,
  object: JsonObject,
): ClusterObject {
  const { objectKind } = invocation;
  if (kind && !kind.builtin) {
    prune(kind.schema, object);
    kind.strategy.defaults(object as unknown as ClusterObject); // it came as one
    return object as unknown as ClusterObject; // as above
  }
  const name = schemaNameOf(objectKind);
  if (!name) return object as unknown as ClusterObject; // as above
  const decoded = decodeBuiltin(builtinSchema(name), object).object as unknown as ClusterObject; // its schema requires what the type does
  decoded.kind = objectKind.kind;
  decoded.apiVersion = objectKind.group ? `${objectKind.group}/${objectKind.version}` : objectKind.version;
  kind?.strategy.defaults(decoded);
  return decoded;
}

/** The object with the webhook's patch, as the webhook saw it; `undefined` when the patch does nothing. */
export function patched(
  { operation }: AdmissionRequest,
  { invocation, shown, verdict }: { invocation: Invocation; shown: Shown; verdict: Verdict },
): ClusterObject | undefined {
  const { name } = invocation.webhook;
  const operations = operationsOf(name, verdict.patch ?? '');
  if (operations.length === 0) return undefined;
  if (!shown.object || operation === 'DELETE') {
    throw internalError(
      `admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`,
    );
  }
  if (verdict.patchType !== 'JSONPatch')
    throw new WebhookFailure(name, `unsupported patch type ${JSON.stringify(verdict.patchType)}`);
  const isOwnKind = invocation.objectKind === invocation.as;
  try {
    const result = applyWebhookPatch(shown.object, operations); // objects of requests are JSON
    return shaped(isOwnKind ? invocation.as : undefined, invocation, result);
  } catch (error) {
    const { message } = error as Error; // nothing else is thrown
    throw internalError(message);
  }
}

/** The patched object in the request's own version. */
export async function restored(
  deps: ConversionDeps,
  request: AdmissionRequest,
  { invocation, object }: { invocation: Invocation; object: ClusterObject },
): Promise<ClusterObject> {
  if (!isConverted(request, invocation)) return object;
  return convertObject(deps, object, { from: invocation.as, to: request.target.kind });
}
