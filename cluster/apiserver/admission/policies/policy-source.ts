import type { ClusterObject } from '../../../client.ts';
import { resourceKey, type Version } from '../../storage/version.ts';
import type { Storage } from '../../storage/storage.ts';

/** Which objects a policy or a binding is about. */
export interface MatchResources {
  readonly resourceRules?: readonly PolicyRule[];
  readonly excludeResourceRules?: readonly PolicyRule[];
  readonly matchPolicy?: 'Exact' | 'Equivalent';
  readonly namespaceSelector?: unknown;
  readonly objectSelector?: unknown;
}

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  readonly scope?: string;
  readonly resourceNames?: readonly string[];
}

export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: unknown;
  readonly parameterNotFoundAction?: 'Allow' | 'Deny';
}

export interface PolicyBinding {
  readonly name: string;
  readonly spec: {
    readonly policyName: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
    readonly validationActions?: readonly string[];
  };
}

/** A policy that somebody has bound, made ready by `prepare`. */
export interface BoundPolicy<Prepared> {
  readonly name: string;
  readonly prepared: Prepared;
  readonly bindings: readonly PolicyBinding[];
}

const group = 'admissionregistration.k8s.io';

/** The policies of one kind with their bindings, in the order of their names; follows every change at once. */
export class PolicySource<Prepared> {
  readonly #policies = new Map<string, ClusterObject>();
  readonly #bindings = new Map<string, PolicyBinding>();
  readonly #prepare: (policy: ClusterObject) => Prepared;
  readonly #ready = new Map<string, { readonly policy: ClusterObject; readonly prepared: Prepared }>();
  #bound: readonly BoundPolicy<Prepared>[] = [];

  constructor(storage: Storage, singular: 'validating' | 'mutating', prepare: (policy: ClusterObject) => Prepared) {
    this.#prepare = prepare;
    const policies = resourceKey(group, `${singular}admissionpolicies`);
    const bindings = resourceKey(group, `${singular}admissionpolicybindings`);
    this.#follow(storage, policies, (name, object) => put(this.#policies, name, object));
    this.#follow(storage, bindings, (name, object) => put(this.#bindings, name, object && bindingOf(object)));
    this.#join();
  }

  /** Only policies that are bound: no other ever acts. */
  get bound(): readonly BoundPolicy<Prepared>[] {
    return this.#bound;
  }

  #follow(storage: Storage, resource: string, set: (name: string, object: ClusterObject | undefined) => void): void {
    const objectOf = (version: Version): ClusterObject => version.object() as ClusterObject; // what the storage holds of this kind
    for (const version of storage.list(resource)) set(version.key.name, objectOf(version));
    storage.watch(resource, storage.revision, ({ type, version }) => {
      set(version.key.name, type === 'DELETED' ? undefined : objectOf(version));
      this.#join();
    });
  }

  #join(): void {
    const byPolicy = new Map<string, PolicyBinding[]>();
    for (const name of [...this.#bindings.keys()].sort()) {
      const binding = this.#bindings.get(name);
      if (!binding) continue;
      const { policyName } = binding.spec;
      byPolicy.set(policyName, [...(byPolicy.get(policyName) ?? []), binding]);
    }
    this.#bound = [...byPolicy.keys()].sort().flatMap((name) => {
      const policy = this.#policies.get(name);
      return policy ? [{ name, prepared: this.#preparedOf(name, policy), bindings: byPolicy.get(name) ?? [] }] : [];
    });
  }

  #preparedOf(name: string, policy: ClusterObject): Prepared {
    const known = this.#ready.get(name);
    if (known?.policy === policy) return known.prepared;
    const prepared = this.#prepare(policy);
    this.#ready.set(name, { policy, prepared });
    return prepared;
  }
}

function put<T>(into: Map<string, T>, name: string, value: T | undefined): void {
  if (value === undefined) into.delete(name);
  else into.set(name, value);
}

function bindingOf(object: ClusterObject): PolicyBinding {
  return { name: object.metadata.name, spec: object['spec'] as PolicyBinding['spec'] }; // its kind's rules have checked it
}
