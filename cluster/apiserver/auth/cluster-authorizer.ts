import type { Storage } from '../storage/storage.ts';
import type { Caller } from '../store/write-request.ts';
import type { Attributes, Decision } from './attributes.ts';
import { decideForNode } from './node-authorizer.ts';
import { NodeRelations } from './node-relations.ts';
import { RbacAuthorizer } from './rbac-authorizer.ts';

const nodeRole = { kind: 'ClusterRole', name: 'system:node' };

/** Nodes by what their pods need, everybody by roles. */
export class ClusterAuthorizer extends RbacAuthorizer {
  readonly #relations: NodeRelations;

  constructor(storage: Storage) {
    super(storage);
    this.#relations = new NodeRelations(storage);
  }

  override decide(caller: Caller, attributes: Attributes): Decision {
    const rules = (): ReturnType<RbacAuthorizer['rulesOfRole']> => this.rulesOfRole(nodeRole, '');
    const ofNode = decideForNode({ relations: this.#relations, rules }, caller, attributes);
    if (ofNode?.allowed) return ofNode;
    const byRole = super.decide(caller, attributes);
    return byRole.allowed ? byRole : { ...byRole, ...ofNode };
  }
}
