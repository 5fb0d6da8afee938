import type { ClusterObject } from '../../../client.ts';
import type { Authorizer } from '../../auth/attributes.ts';
import { authorizerValue, resourceCheckValue } from '../../cel/libraries/authorization.ts';
import { valueOf } from '../../cel/values/json-value.ts';
import type { Value } from '../../cel/values/value.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { Json, JsonObject } from '../../schema/schema.ts';
import type { AdmissionRequest, ObjectKind } from '../../store/write-request.ts';

/** What expressions of admission are evaluated with. */
export interface AdmissionInput {
  readonly request: AdmissionRequest;
  /** The object and its past in the version that the policy sees; nothing where there is none. */
  readonly object: ClusterObject | undefined;
  readonly old: ClusterObject | undefined;
  /** The kind whose resource the rules name, and what the object is then. */
  readonly as: KindInfo;
  readonly objectKind: ObjectKind;
  readonly authorizer: Authorizer;
  readonly namespace?: ClusterObject | undefined;
  readonly params?: ClusterObject | undefined;
}

const optionKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions', CONNECT: undefined };

function requestJson({ request, as, objectKind }: AdmissionInput): JsonObject {
  const { target, caller, operation, dryRun, options } = request;
  const { kind, namespace, name, subresource } = target;
  const resourceOf = ({ group, version, resource }: KindInfo): JsonObject => ({ group, version, resource });
  const kindOf = ({ group, version, kind: what }: ObjectKind): JsonObject => ({ group, version, kind: what });
  const optionsKind = optionKinds[operation];
  return {
    kind: kindOf(objectKind),
    resource: resourceOf(as),
    requestKind: kindOf(request.objectKind),
    requestResource: resourceOf(kind),
    ...(subresource && { subResource: subresource, requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: {
      username: caller.name,
      ...(caller.uid && { uid: caller.uid }),
      ...(caller.groups.length > 0 && { groups: [...caller.groups] }),
      ...(caller.extra && { extra: caller.extra as unknown as Json }), // lists of texts
    },
    dryRun,
    options: optionsKind ? { kind: optionsKind, apiVersion: 'meta.k8s.io/v1', ...(options as JsonObject) } : null, // as sent
  };
}

const hidden = new Set(['ownerReferences', 'managedFields', 'selfLink']);

/** Of a namespace only what its type tells. */
function namespaceJson(object: ClusterObject): JsonObject {
  const { metadata = {}, spec = {}, status = {} } = jsonOf(object) as JsonObject; // a stored object is JSON
  const shown = Object.entries(metadata as JsonObject).filter(([name]) => !hidden.has(name)); // as above
  return { metadata: Object.fromEntries(shown), spec, status };
}

const jsonOf = (object: ClusterObject | undefined): Json => (object as JsonObject | undefined) ?? null; // objects are JSON

/** The values of the variables of admission, each made when it is asked for. */
export function admissionVariables(input: AdmissionInput): (name: string) => Value | undefined {
  const { request, authorizer, as } = input;
  const asking = { caller: request.caller, authorizer };
  const make: Readonly<Record<string, () => Value>> = {
    object: () => valueOf(jsonOf(input.object)),
    oldObject: () => valueOf(jsonOf(input.old)),
    params: () => valueOf(jsonOf(input.params)),
    request: () => valueOf(requestJson(input)),
    namespaceObject: () => valueOf(input.namespace ? namespaceJson(input.namespace) : null),
    authorizer: () => authorizerValue(asking),
    'authorizer.requestResource': () => {
      const { namespace, name, subresource = '' } = request.target;
      return resourceCheckValue(asking, { group: as.group, resource: as.resource, subresource, namespace, name });
    },
  };
  const made = new Map<string, Value>();
  return (name) => {
    if (made.has(name)) return made.get(name);
    const value = make[name]?.();
    if (value !== undefined) made.set(name, value);
    return value;
  };
}
