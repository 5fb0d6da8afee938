import { ApiError, type Cause } from '@kit/base';
import type { ClusterObject } from '../../cluster/client.ts';
import { DecodeProblem, decodeBuiltin } from '../../cluster/apiserver/codec/decode-builtin.ts';
import type { KindInfo } from '../../cluster/apiserver/kinds/kind-info.ts';
import { optionalText } from '../../cluster/apiserver/kinds/rules/set-default.ts';
import type { JsonObject } from '../../cluster/apiserver/schema/schema.ts';

/** What a server says to a creation: the object as it would be stored, or why it is refused. */
export interface Answer {
  readonly status: number;
  readonly message?: string;
  readonly causes?: readonly Cause[];
  readonly stored?: JsonObject;
}

export const uid = '11111111-1111-4111-8111-111111111111';

const context = {
  now: '<time>',
  user: 'u',
  allocateClusterIp: (wanted?: string) => wanted ?? '10.96.7.7',
  allocateNodePort: (wanted?: number) => wanted ?? 30_000,
};

/** What the embedded kinds say to a creation in strict mode. */
export function answerOf(kind: KindInfo, sent: JsonObject): Answer {
  try {
    return create(kind, sent);
  } catch (error) {
    if (error instanceof DecodeProblem) return notHandled(kind, error.message);
    if (error instanceof ApiError) return { status: error.code, message: error.message };
    throw error;
  }
}

function create(kind: KindInfo, sent: JsonObject): Answer {
  const decoded = decodeBuiltin(kind.schema, sent);
  const unknown = decoded.unknownFields.map((path) => `unknown field "${path}"`);
  if (unknown.length > 0) return notHandled(kind, `strict decoding error: ${unknown.join(', ')}`);
  const object = decoded.object as unknown as ClusterObject; // metadata is set on the next line
  object.metadata ??= { name: '' };
  complete(kind, object);
  const causes = kind.strategy.validate(object);
  return causes.length > 0 ? refusal(kind, object, causes) : { status: 201, stored: object };
}

function complete(kind: KindInfo, object: ClusterObject): void {
  kind.strategy.defaults(object);
  Object.assign(object.metadata, { uid, creationTimestamp: '<time>' });
  if (kind.namespaced) object.metadata.namespace = 'mutate';
  if (kind.strategy.hasGeneration) object.metadata.generation = 1;
  kind.strategy.prepareForCreate(object, context);
}

function notHandled({ kind, version }: KindInfo, problem: string): Answer {
  return { status: 400, message: `${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}` };
}

function refusal(kind: KindInfo, { metadata }: ClusterObject, causes: readonly Cause[]): Answer {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = texts.length === 1 ? texts.join() : `[${texts.join(', ')}]`;
  const what = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return { status: 422, message: `${what} "${optionalText(metadata.name)}" is invalid: ${list}`, causes };
}
