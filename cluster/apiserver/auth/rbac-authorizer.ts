import type { Version } from '../storage/version.ts';
import type { Storage } from '../storage/storage.ts';
import { resourceKey } from '../storage/version.ts';
import type { Caller } from '../store/write-request.ts';
import type { Attributes, Authorizer, Decision } from './attributes.ts';
import { ruleAllows } from './policy-rule.ts';
import type { PolicyRule } from './policy-rule.ts';

const group = 'rbac.authorization.k8s.io';
const clusterRoles = resourceKey(group, 'clusterroles');
const roles = resourceKey(group, 'roles');
const clusterRoleBindings = resourceKey(group, 'clusterrolebindings');
const roleBindings = resourceKey(group, 'rolebindings');

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface BindingFields {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

interface Grant {
  readonly binding: string;
  readonly namespace: string;
  readonly role: string;
}

/** A rule somebody has, and through which binding. */
export interface GrantedRule {
  readonly rule: PolicyRule;
  readonly reason: string;
}

const serviceAccountUser = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

function subjectKey(subject: Subject, namespace: string): string {
  if (subject.kind === 'Group') return `group ${subject.name}`;
  if (subject.kind === 'ServiceAccount')
    return `user ${serviceAccountUser(subject.namespace ?? namespace, subject.name)}`;
  return `user ${subject.name}`;
}

/** Role-based access control over the roles and bindings that are stored now, kept as an index by subject. */
export class RbacAuthorizer implements Authorizer {
  /** Rules by "namespace/role"; cluster roles have no namespace. */
  readonly #rules = new Map<string, readonly PolicyRule[]>();
  readonly #grants = new Map<string, Set<Grant>>();
  readonly #byBinding = new Map<string, readonly (readonly [subject: string, grant: Grant])[]>();

  constructor(storage: Storage) {
    for (const resource of [clusterRoles, roles])
      this.#follow(storage, resource, (version, gone) => this.#setRole(version, gone));
    for (const resource of [clusterRoleBindings, roleBindings]) {
      this.#follow(storage, resource, (version, gone) => this.#setBinding(version, gone));
    }
  }

  decide(caller: Caller, attributes: Attributes): Decision {
    const namespace = 'path' in attributes ? '' : attributes.namespace;
    for (const { rule, reason } of this.rulesOf(caller, namespace)) {
      if (ruleAllows(rule, attributes)) return { allowed: true, reason };
    }
    return { allowed: false };
  }

  /** Every rule the caller has in a namespace ('' = at the cluster scope). */
  *rulesOf(caller: Caller, namespace: string): Iterable<GrantedRule> {
    if (caller.groups.includes('system:masters')) {
      const all = ['*'];
      yield { rule: { verbs: all, apiGroups: all, resources: all }, reason: '' };
      yield { rule: { verbs: all, nonResourceURLs: all }, reason: '' };
      return;
    }
    for (const subject of [`user ${caller.name}`, ...caller.groups.map((name) => `group ${name}`)]) {
      for (const grant of this.#grants.get(subject) ?? []) {
        if (grant.namespace !== '' && grant.namespace !== namespace) continue;
        const reason = `RBAC: allowed by ${grant.binding} to ${subject.replace(/^(\w)/, (c) => c.toUpperCase())}`;
        for (const rule of this.#rules.get(grant.role) ?? []) yield { rule, reason };
      }
    }
  }

  /** The rules of a role that a binding in `namespace` refers to; empty when there is no such role. */
  rulesOfRole(ref: { readonly kind: string; readonly name: string }, namespace: string): readonly PolicyRule[] {
    return this.#rules.get(ref.kind === 'ClusterRole' ? `/${ref.name}` : `${namespace}/${ref.name}`) ?? [];
  }

  #follow(storage: Storage, resource: string, set: (version: Version, gone: boolean) => void): void {
    for (const version of storage.list(resource)) set(version, false);
    storage.watch(resource, storage.revision, ({ type, version }) => set(version, type === 'DELETED'));
  }

  #setRole(version: Version, gone: boolean): void {
    const path = `${version.key.namespace}/${version.key.name}`;
    if (gone) this.#rules.delete(path);
    else this.#rules.set(path, (version.object() as { rules?: PolicyRule[] }).rules ?? []); // the schema has checked it
  }

  #setBinding(version: Version, gone: boolean): void {
    const { namespace, name } = version.key;
    const path = `${namespace}/${name}`;
    for (const [subject, grant] of this.#byBinding.get(path) ?? []) this.#grants.get(subject)?.delete(grant);
    const grants = gone ? [] : grantsOf(version);
    for (const [subject, grant] of grants) {
      this.#grants.set(subject, (this.#grants.get(subject) ?? new Set()).add(grant));
    }
    this.#byBinding.set(path, grants);
    if (gone) this.#byBinding.delete(path);
  }
}

function grantsOf(version: Version): (readonly [subject: string, grant: Grant])[] {
  const { namespace, name } = version.key;
  const { roleRef, subjects = [] } = version.object() as BindingFields; // the schema has checked it
  if (!roleRef) return [];
  const role = roleRef.kind === 'ClusterRole' ? `/${roleRef.name}` : `${namespace}/${roleRef.name}`;
  const binding = namespace ? `RoleBinding "${name}/${namespace}"` : `ClusterRoleBinding "${name}"`;
  const grant = (): Grant => ({ namespace, role, binding: `${binding} of ${roleRef.kind} "${roleRef.name}"` });
  return subjects.map((subject) => [subjectKey(subject, namespace), grant()] as const);
}
