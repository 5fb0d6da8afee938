import { isDeepStrictEqual } from 'node:util';
import { forbidden } from '../store/api-errors.ts';
import type { AdmissionRequest, AdmissionStep } from '../store/write-request.ts';
import { missingRules } from './policy-rule.ts';
import type { PolicyRule } from './policy-rule.ts';
import type { RbacAuthorizer } from './rbac-authorizer.ts';

const group = 'rbac.authorization.k8s.io';

function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const list = (name: string, values: readonly string[] | undefined): string =>
    values?.length ? `${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]` : '';
  const parts = [
    list('APIGroups', apiGroups),
    list('Resources', resources),
    list('ResourceNames', resourceNames),
    list('NonResourceURLs', nonResourceURLs),
    list('Verbs', verbs),
  ];
  return `{${parts.filter((part) => part !== '').join(', ')}}`;
}

interface Guarded {
  /** The verb that lets somebody do it all the same, and on what. */
  readonly exemption: { readonly verb: 'escalate' | 'bind'; readonly resource: string; readonly name: string };
  readonly rules: readonly PolicyRule[];
}

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

interface RoleFields {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: unknown;
}

function guardedRole({ target, object, old }: AdmissionRequest): Guarded | undefined {
  const { rules = [], aggregationRule } = object as RoleFields; // the schema has checked it
  const before = (old ?? {}) as RoleFields; // as above
  if (isDeepStrictEqual(rules, before.rules ?? []) && isDeepStrictEqual(aggregationRule, before.aggregationRule))
    return undefined;
  const { resource } = target.kind;
  // What a role gathers from others, now and later, can be anything.
  return {
    exemption: { verb: 'escalate', resource, name: object.metadata.name },
    rules: aggregationRule ? everything : rules,
  };
}

function guardedBinding(authorizer: RbacAuthorizer, { target, object, old }: AdmissionRequest): Guarded | undefined {
  const { roleRef, subjects } = object as { roleRef?: { kind: string; name: string }; subjects?: unknown }; // the schema has checked it
  if (!roleRef || (old && isDeepStrictEqual(subjects, old.subjects))) return undefined;
  const resource = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const rules = authorizer.rulesOfRole(roleRef, target.namespace);
  return { exemption: { verb: 'bind', resource, name: roleRef.name }, rules };
}

/** What a write hands out; `undefined` when it hands out nothing new. */
function guarded(authorizer: RbacAuthorizer, request: AdmissionRequest): Guarded | undefined {
  const isRole = request.target.kind.kind.endsWith('Role');
  return isRole ? guardedRole(request) : guardedBinding(authorizer, request);
}

/** Nobody hands out more than he has: neither in a role (unless he may `escalate`) nor in a binding (unless `bind`). */
export function rbacEscalation(authorizer: RbacAuthorizer): AdmissionStep {
  const mutate = (request: AdmissionRequest): void => {
    const { target, caller, object, operation } = request;
    if (operation === 'DELETE' || target.kind.group !== group || caller.groups.includes('system:masters')) return;
    const write = guarded(authorizer, request);
    if (!write) return;
    const { verb, resource, name } = write.exemption;
    const { namespace } = target;
    if (authorizer.decide(caller, { verb, group, resource, subresource: '', namespace, name }).allowed) return;
    const owned = [...authorizer.rulesOf(caller, namespace)].map((granted) => granted.rule);
    const missing = missingRules(owned, write.rules);
    if (missing.length === 0) return;
    const groups = caller.groups.map((item) => JSON.stringify(item)).join(' ');
    const who = `user ${JSON.stringify(caller.name)} (groups=[${groups}])`;
    const why = `${who} is attempting to grant RBAC permissions not currently held:\n${missing.map(ruleText).join('\n')}`;
    throw forbidden(target.kind, object.metadata.name, why);
  };
  return { mutate };
}
