import type { Caller } from '../store/write-request.ts';
import type { Attributes, Decision, ResourceAttributes } from './attributes.ts';
import { nodeOf } from './node-identity.ts';
import type { NodeRelations } from './node-relations.ts';
import { ruleAllows } from './policy-rule.ts';
import type { PolicyRule } from './policy-rule.ts';

const leaseNamespace = 'kube-node-lease';
const reading = new Set(['get', 'list', 'watch']);
const yes: Decision = { allowed: true };
const no = (reason?: string): Decision => ({ allowed: false, ...(reason && { reason }) });

type Rule = (node: string, at: ResourceAttributes, deps: NodeAuthorizerDeps) => Decision | undefined;

export interface NodeAuthorizerDeps {
  readonly relations: NodeRelations;
  /** The rules every node has, besides those on single objects. */
  readonly rules: () => readonly PolicyRule[];
}

function ifNeeded(node: string, at: ResourceAttributes, { relations }: NodeAuthorizerDeps): Decision {
  if (at.name === '') return no('No Object name found');
  return relations.needs(node, at) ? yes : no(`no relationship found between node '${node}' and this object`);
}

const readNeeded: Rule = (node, at, deps) => {
  if (!reading.has(at.verb)) return no('can only read resources of this type');
  return at.subresource === '' ? ifNeeded(node, at, deps) : no('cannot read subresource');
};

const claims: Rule = (node, at, deps) => {
  if (at.subresource !== 'status') return readNeeded(node, at, deps);
  return at.verb === 'update' || at.verb === 'patch' ? ifNeeded(node, at, deps) : no('can only update PVC status');
};

const tokens: Rule = (node, at, deps) => {
  if (at.subresource !== 'token') return undefined;
  return at.verb === 'create' ? ifNeeded(node, at, deps) : no('can only create tokens for individual service accounts');
};

const leases: Rule = (node, { verb, namespace, name }) => {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
    return no('can only get, create, update, patch, or delete a node lease');
  if (namespace !== leaseNamespace) return no(`can only access leases in the "${leaseNamespace}" system namespace`);
  // Where a new one will be is seen at admission.
  if (verb !== 'create' && name !== node)
    return no('can only access node lease with the same name as the requesting node');
  return yes;
};

const csiNodes: Rule = (node, { verb, subresource, name }) => {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
    return no('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return no('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node)
    return no('can only access CSINode with the same name as the requesting node');
  return yes;
};

const nodes: Rule = (node, { verb, name, subresource }) => {
  if (!reading.has(verb) || subresource !== '') return undefined;
  if (name === node) return yes;
  return no(`node '${node}' cannot read ${name ? `'${name}'` : 'all nodes'}, only its own Node object`);
};

const pods: Rule = (node, at, deps) => {
  if (!reading.has(at.verb)) return undefined;
  if (at.verb === 'get') return ifNeeded(node, at, deps);
  if (at.name !== '' && deps.relations.needs(node, at)) return yes;
  const ofNode = (at.fieldSelector ?? '').split(',').includes(`spec.nodeName=${node}`);
  return ofNode ? yes : no('can only list/watch pods with spec.nodeName field selector');
};

/** What a node's agent may do with single objects, by group and resource. */
const rulesByKind: Readonly<Record<string, Rule>> = {
  '/secrets': readNeeded,
  '/configmaps': readNeeded,
  '/persistentvolumes': readNeeded,
  '/persistentvolumeclaims': claims,
  '/serviceaccounts': tokens,
  '/nodes': nodes,
  '/pods': pods,
  'resource.k8s.io/resourceclaims': readNeeded,
  'coordination.k8s.io/leases': leases,
  'storage.k8s.io/csinodes': csiNodes,
};

/** What node authorization says of a request; undefined when it does not come from a node's agent. */
export function decideForNode(deps: NodeAuthorizerDeps, caller: Caller, at: Attributes): Decision | undefined {
  const node = nodeOf(caller);
  if (node === undefined) return undefined;
  const special = 'path' in at ? undefined : rulesByKind[`${at.group}/${at.resource}`]?.(node, at, deps);
  if (special) return special;
  return deps.rules().some((rule) => ruleAllows(rule, at)) ? yes : no();
}
