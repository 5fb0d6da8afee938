import { isDeepStrictEqual } from 'node:util';
import type { ClusterObject } from '../../client.ts';
import { nodeOf } from '../auth/node-identity.ts';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { denied, isCore, isWhole } from './denied.ts';
import { forbiddenNodeLabels } from './node-labels.ts';
import { mirrorAnnotation } from './pods/pod-request.ts';

interface PodFields {
  readonly metadata: { readonly uid?: string };
  readonly spec?: { readonly nodeName?: string };
}

interface TokenRequest {
  readonly spec?: {
    readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  };
}

const pods = resourceKey('', 'pods');

type Rule = (request: AdmissionRequest, node: string, storage: Storage) => string | undefined;

function storedPod(storage: Storage, namespace: string, name: string): PodFields | undefined {
  return storage.newest({ resource: pods, namespace, name })?.object();
}

function podCreation({ object }: AdmissionRequest, node: string): string | undefined {
  const { nodeName } = object.spec as { nodeName?: string }; // the schema has checked it
  if (object.metadata.annotations?.[mirrorAnnotation] === undefined)
    return `pod does not have "${mirrorAnnotation}" annotation, node "${node}" can only create mirror pods`;
  if (nodeName !== node) return `node "${node}" can only create pods with spec.nodeName set to itself`;
  const [owner, ...others] = object.metadata.ownerReferences ?? [];
  if (!owner || others.length > 0 || owner.kind !== 'Node' || owner.name !== node)
    return `node "${node}" can only create pods with an owner reference set to itself`;
  return owner.controller === true
    ? undefined
    : `node "${node}" can only create pods with a controller reference set to itself`;
}

const wholePod: Rule = (request, node) => {
  if (request.operation === 'CREATE') return podCreation(request, node);
  if (request.operation === 'UPDATE')
    return `unexpected operation "UPDATE", node "${node}" can only create and delete mirror pods`;
  const { spec } = request.object as PodFields; // as above
  return spec?.nodeName === node ? undefined : `node "${node}" can only delete pods with spec.nodeName set to itself`;
};

const podStatus: Rule = ({ object, old }, node) => {
  const before = old as (PodFields & { metadata: { labels?: object } }) | undefined; // as above
  if (before?.spec?.nodeName !== node)
    return `node "${node}" can only update pod status for pods with spec.nodeName set to itself`;
  return isDeepStrictEqual(object.metadata.labels ?? {}, before.metadata.labels ?? {})
    ? undefined
    : `node "${node}" cannot update labels through pod status`;
};

const podRule: Rule = (request, node, storage) => {
  const { subresource = '' } = request.target;
  if (subresource === '') return wholePod(request, node, storage);
  if (subresource === 'status') return podStatus(request, node, storage);
  if (subresource !== 'eviction')
    return `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`;
  const pod = storedPod(storage, request.target.namespace, request.target.name);
  return !pod || pod.spec?.nodeName === node
    ? undefined
    : `node ${node} can only evict pods with spec.nodeName set to itself`;
};

const taintsOf = (node: ClusterObject | undefined): unknown =>
  (node?.spec as { taints?: unknown } | undefined)?.taints ?? []; // a node's spec

function nodeChange({ operation, object, old }: AdmissionRequest, node: string): string | undefined {
  const labels = forbiddenNodeLabels(object.metadata.labels ?? {}, old?.metadata.labels ?? {}).join(', ');
  if (operation === 'CREATE')
    return labels ? `node "${node}" is not allowed to set the following labels: ${labels}` : undefined;
  if (!isDeepStrictEqual(taintsOf(object), taintsOf(old))) return `node "${node}" is not allowed to modify taints`;
  return labels ? `is not allowed to modify labels: ${labels}` : undefined;
}

const nodeRule: Rule = (request, node) => {
  const name = request.object.metadata.name || request.target.name;
  if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`;
  return request.operation === 'DELETE' ? undefined : nodeChange(request, node);
};

const tokenRule: Rule = (request, node, storage) => {
  if (request.target.subresource !== 'token' || request.operation !== 'CREATE') return undefined;
  const { boundObjectRef: ref } = (request.object as TokenRequest).spec ?? {}; // as above
  if (ref?.kind !== 'Pod' || !ref.name) return 'node requested token not bound to a pod';
  if (!ref.uid) return 'node requested token with a pod binding without a uid';
  return podProblem(storedPod(storage, request.target.namespace, ref.name), ref, node);
};

function podProblem(
  pod: PodFields | undefined,
  ref: { readonly name?: string; readonly uid?: string },
  node: string,
): string | undefined {
  if (!pod) return `pod "${ref.name ?? ''}" not found`;
  if (pod.metadata.uid !== ref.uid)
    return `the UID in the bound object reference (${ref.uid ?? ''}) does not match the UID in record. The object might have been deleted and then recreated`;
  return pod.spec?.nodeName === node ? undefined : 'node requested token bound to a pod scheduled on a different node';
}

const sameName =
  (what: string): Rule =>
  ({ object, target }, node) =>
    (object.metadata.name || target.name) === node
      ? undefined
      : `can only access ${what} with the same name as the requesting node`;

function ruleFor(request: AdmissionRequest): Rule | undefined {
  const { group, resource } = request.target.kind;
  if (isCore(request, 'pods')) return podRule;
  if (isCore(request, 'nodes')) return nodeRule;
  if (isCore(request, 'serviceaccounts')) return tokenRule;
  if (group === 'coordination.k8s.io' && resource === 'leases' && isWhole(request)) return sameName('node lease');
  return group === 'storage.k8s.io' && resource === 'csinodes' ? sameName('CSINode') : undefined;
}

/** The agent of a node changes nothing but its node, and the pods on it. */
export function nodeRestriction(storage: Storage): AdmissionStep {
  const mutate = (request: AdmissionRequest): void => {
    if (request.operation === 'CONNECT') return;
    const node = nodeOf(request.caller);
    const why = node === undefined ? undefined : ruleFor(request)?.(request, node, storage);
    if (why) throw denied(request, why);
  };
  return { mutate };
}
