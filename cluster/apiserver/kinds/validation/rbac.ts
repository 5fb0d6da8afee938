import type { Cause } from '@kit/base';
import type { ClusterObject } from '../../../client.ts';
import type { JsonObject } from '../../schema/schema.ts';
import { fieldsIn, items, optionalText, record, texts } from '../rules/set-default.ts';
import { at, invalid, notSupported, required } from './cause.ts';
import { dns1123Subdomain } from './format.ts';
import { checkFormat } from './object-meta.ts';
import { validateSelector } from './selector.ts';

const group = 'rbac.authorization.k8s.io';

function validateRule(rule: JsonObject, field: string, namespaced: boolean): Cause[] {
  const paths = texts(rule['nonResourceURLs']);
  const [groups, resources] = [texts(rule['apiGroups']), texts(rule['resources'])];
  const causes =
    texts(rule['verbs']).length === 0 ? [required(`${field}.verbs`, 'verbs must contain at least one value')] : [];
  if (paths.length > 0) {
    if (namespaced)
      causes.push(invalid(`${field}.nonResourceURLs`, paths, 'namespaced rules cannot apply to non-resource URLs'));
    if (groups.length + resources.length + texts(rule['resourceNames']).length > 0) {
      causes.push(
        invalid(
          `${field}.nonResourceURLs`,
          paths,
          'rules cannot apply to both regular resources and non-resource URLs',
        ),
      );
    }
    return causes;
  }
  if (groups.length === 0)
    causes.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
  if (resources.length === 0)
    causes.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
  return causes;
}

export function validateRole(object: ClusterObject): Cause[] {
  return items(object['rules']).flatMap((rule, index) => validateRule(rule, at('rules', index), true));
}

export function validateClusterRole(object: ClusterObject): Cause[] {
  const causes = items(object['rules']).flatMap((rule, index) => validateRule(rule, at('rules', index), false));
  const aggregation = record(object['aggregationRule']);
  if (!aggregation) return causes;
  const selectors = items(aggregation['clusterRoleSelectors']);
  const path = 'aggregationRule.clusterRoleSelectors';
  if (selectors.length === 0)
    causes.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  for (const [index, selector] of selectors.entries()) {
    const problems = validateSelector(selector, at(path, index));
    if (problems.length > 0) causes.push(...problems, invalid(at(path, index), null, 'invalid label selector.'));
  }
  return causes;
}

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

function validateSubject(subject: JsonObject, field: string, namespaced: boolean): Cause[] {
  const [kind, name] = [optionalText(subject['kind']), optionalText(subject['name'])];
  const causes = name ? [] : [required(`${field}.name`)];
  if (!subjectKinds.includes(kind)) return [...causes, notSupported(`${field}.kind`, kind, subjectKinds)];
  const apiGroup = optionalText(subject['apiGroup']);
  const wanted = kind === 'ServiceAccount' ? '' : group;
  const wrongGroup = apiGroup === wanted ? [] : [notSupported(`${field}.apiGroup`, apiGroup, [wanted])];
  if (kind !== 'ServiceAccount') return [...causes, ...wrongGroup];
  const placeless = !namespaced && !subject['namespace'];
  return [
    ...causes,
    ...(name ? checkFormat(`${field}.name`, name, dns1123Subdomain) : []),
    ...wrongGroup,
    ...(placeless ? [required(`${field}.namespace`)] : []),
  ];
}

function roleRefOf(object: ClusterObject): { apiGroup: string; kind: string; name: string } {
  const { apiGroup, kind, name } = fieldsIn(object['roleRef']);
  return { apiGroup: optionalText(apiGroup), kind: optionalText(kind), name: optionalText(name) };
}

/** Bindings: what they point to, and whom. */
export function validateBinding(object: ClusterObject): Cause[] {
  const namespaced = object.kind === 'RoleBinding';
  const { apiGroup, kind, name } = roleRefOf(object);
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  return [
    ...(apiGroup === group || (!apiGroup && !name) ? [] : [notSupported('roleRef.apiGroup', apiGroup, [group])]),
    ...(kinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, kinds)]),
    ...(name ? [] : [required('roleRef.name')]),
    ...items(object['subjects']).flatMap((subject, index) =>
      validateSubject(subject, at('subjects', index), namespaced),
    ),
  ];
}

/** What a binding points to is for ever: else who may bind could raise what was granted. */
export function validateBindingUpdate(next: ClusterObject, old: ClusterObject): Cause[] {
  const same = (['apiGroup', 'kind', 'name'] as const).every(
    (field) => record(next['roleRef'])?.[field] === record(old['roleRef'])?.[field],
  );
  const { apiGroup, kind, name } = roleRefOf(next);
  return same ? [] : [invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}
