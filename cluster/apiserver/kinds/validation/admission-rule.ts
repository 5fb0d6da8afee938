import type { Cause } from '@kit/base';
import type { JsonObject } from '../../schema/schema.ts';
import { optionalText, texts } from '../rules/set-default.ts';
import { eachText, invalid, notSupported, required } from './cause.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

/** Which requests a webhook or a policy is for: operations on resources of groups and versions. */
export function validateRuleWithOperations(rule: JsonObject, field: string): Cause[] {
  const given = texts(rule['operations']);
  return [
    ...(given.length === 0 ? [required(`${field}.operations`)] : []),
    ...validateAlone(given, `${field}.operations`, 'operations'),
    ...eachText(given, `${field}.operations`, (operation, path) =>
      operations.includes(operation) ? [] : [notSupported(path, operation, operations)],
    ),
    ...validateRule(rule, field),
  ];
}

function validateAlone(list: readonly string[], field: string, what: string): Cause[] {
  const star = list.length > 1 && list.includes('*');
  return star ? [invalid(field, list, `if '*' is present, must not specify other ${what}`)] : [];
}

function validateRule(rule: JsonObject, field: string): Cause[] {
  const [groups, versions] = [texts(rule['apiGroups']), texts(rule['apiVersions'])];
  const { scope } = rule;
  const known = scope === undefined || scopes.includes(optionalText(scope));
  return [
    ...(groups.length === 0 ? [required(`${field}.apiGroups`)] : []),
    ...validateAlone(groups, `${field}.apiGroups`, 'API groups'),
    ...(versions.length === 0 ? [required(`${field}.apiVersions`)] : []),
    ...validateAlone(versions, `${field}.apiVersions`, 'API versions'),
    ...eachText(versions, `${field}.apiVersions`, (version, path) => (version ? [] : [required(path)])),
    ...validateResources(texts(rule['resources']), `${field}.resources`),
    ...(known ? [] : [notSupported(`${field}.scope`, scope, scopes)]),
  ];
}

/** A resource that says the same as one before it with a star, as far as that can be seen. */
function repeats(
  resource: string,
  seen: { all: boolean; resources: Set<string>; parts: Set<string> },
): string | undefined {
  const [name = '', part] = resource.split('/');
  if (seen.all) return '*/*';
  if (part !== undefined && seen.parts.has(part)) return `*/${part}`;
  return part !== undefined && seen.resources.has(name) ? `${name}/*` : undefined;
}

function validateResources(resources: readonly string[], field: string): Cause[] {
  if (resources.length === 0) return [required(field)];
  const seen = { all: false, resources: new Set<string>(), parts: new Set<string>() };
  const causes = eachText(resources, field, (resource, path) => {
    if (!resource) return [required(path)];
    const covered = repeats(resource, seen);
    const [name = '', part] = resource.split('/');
    if (resource === '*/*') seen.all = true;
    else if (part === '*') seen.resources.add(name);
    else if (name === '*' && part !== undefined) seen.parts.add(part);
    const cause = invalid(path, resource, `if '${covered}' is present, must not specify ${resource}`);
    if (!covered) return [];
    // The real server looks at resources and at their parts, and finds this in both.
    return covered === '*/*' && part !== undefined ? [cause, cause] : [cause];
  });
  const alone = resources.length > 1 && resources.includes('*/*');
  if (alone) causes.push(invalid(field, resources, "if '*/*' is present, must not specify other resources"));
  const plainStar =
    resources.includes('*') && resources.some((resource) => resource !== '*' && !resource.includes('/'));
  if (plainStar) {
    const note = "if '*' is present, must not specify other resources without subresources";
    causes.push(invalid(field, resources, note));
  }
  return causes;
}
