import type { Attributes, PolicyRule } from '../contract/index.ts';

interface ResourceRule {
  readonly verbs: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  /** Of resources with a part, such as `pods/log`: by what stands behind the slash, all that stand before it. */
  readonly parts: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly names: ReadonlySet<string> | undefined;
}

interface PathRule {
  readonly verbs: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  /** Of paths that end with `*`: what stands before it. */
  readonly beginnings: readonly string[];
}

/** A role's rules, ready to be asked many times. */
export interface CompiledRole {
  readonly resourceRules: readonly ResourceRule[];
  readonly pathRules: readonly PathRule[];
  /** One of its rules allows everything on every resource. */
  readonly isUnrestricted: boolean;
}

export function compileRole(rules: readonly PolicyRule[] | null | undefined): CompiledRole {
  const resourceRules = (rules ?? []).filter(({ resources }) => resources?.length).map(resourceRule);
  const pathRules = (rules ?? []).filter(({ nonResourceURLs }) => nonResourceURLs?.length).map(pathRule);
  const isUnrestricted = resourceRules.some(
    ({ verbs, groups, resources, names }) => verbs.has('*') && groups.has('*') && resources.has('*') && !names,
  );
  return { resourceRules, pathRules, isUnrestricted };
}

function pathRule({ verbs, nonResourceURLs }: PolicyRule): PathRule {
  const paths = nonResourceURLs ?? [];
  return {
    verbs: new Set(verbs.map((verb) => verb.toLowerCase())),
    paths: new Set(paths),
    beginnings: paths.flatMap((path) => (path.endsWith('*') ? [path.slice(0, -1)] : [])),
  };
}

function resourceRule({ verbs, apiGroups = [], resources = [], resourceNames }: PolicyRule): ResourceRule {
  const names = resourceNames?.length ? new Set(resourceNames) : undefined;
  const sets = { verbs: new Set(verbs), groups: new Set(apiGroups), resources: new Set(resources) };
  return { ...sets, parts: partsOfResources(resources), names };
}

function partsOfResources(resources: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  const parts = new Map<string, Set<string>>();
  for (const text of resources) {
    const at = text.indexOf('/');
    if (at < 0) continue;
    const part = text.slice(at + 1);
    parts.set(part, (parts.get(part) ?? new Set()).add(text.slice(0, at)));
  }
  return parts.size > 0 ? parts : undefined;
}

/**
 * Whether one of the role's rules allows it. The rules of a role only add up; none takes away. This runs for every rule
 * of every role that counts for a request, so it makes nothing: no text, no list, no function.
 */
export function allows(role: CompiledRole, wanted: Attributes): boolean {
  if (!wanted.isResource) {
    for (const rule of role.pathRules) if (allowsPath(rule, wanted)) return true;
    return false;
  }
  for (const rule of role.resourceRules) if (allowsResource(rule, wanted)) return true;
  return false;
}

function has(set: ReadonlySet<string>, value: string): boolean {
  return set.has('*') || set.has(value);
}

function allowsPath({ verbs, paths, beginnings }: PathRule, { verb, path }: Attributes): boolean {
  if (!has(verbs, verb)) return false;
  if (paths.has(path)) return true;
  for (const beginning of beginnings) if (path.startsWith(beginning)) return true;
  return false;
}

function allowsResource(rule: ResourceRule, { verb, group, resource, subresource, name }: Attributes): boolean {
  if (!has(rule.verbs, verb) || !has(rule.groups, group)) return false;
  if (rule.names && !rule.names.has(name)) return false;
  if (rule.resources.has('*')) return true;
  return subresource === '' ? rule.resources.has(resource) : allowsPart(rule, resource, subresource);
}

function allowsPart({ parts }: ResourceRule, resource: string, subresource: string): boolean {
  const named = parts?.get(subresource);
  return named?.has(resource) === true || named?.has('*') === true || parts?.get('*')?.has(resource) === true;
}

/** Whether everything the rules allow is already allowed by one of the roles held: what nobody has, nobody can give. */
export function covers(held: readonly CompiledRole[], rules: readonly PolicyRule[] | null | undefined): boolean {
  if (held.some(({ isUnrestricted }) => isUnrestricted)) return true;
  const own = held.flatMap(({ resourceRules }) => resourceRules);
  return (rules ?? []).every((rule) => !rule.nonResourceURLs?.length && coversRule(own, resourceRule(rule)));
}

function coversRule(own: readonly ResourceRule[], given: ResourceRule): boolean {
  return partsOf(given).every((part) => own.some((rule) => coversPart(rule, part)));
}

interface RulePart {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Absent: whatever the name. */
  readonly name?: string;
}

/** A rule as the single rights it stands for. */
function partsOf({ verbs, groups, resources, names }: ResourceRule): RulePart[] {
  const unnamed = [...verbs].flatMap((verb) =>
    [...groups].flatMap((group) => [...resources].map((resource) => ({ verb, group, resource }))),
  );
  return names ? unnamed.flatMap((part) => [...names].map((name) => ({ ...part, name }))) : unnamed;
}

function coversPart(rule: ResourceRule, { verb, group, resource, name }: RulePart): boolean {
  const isNamed = !rule.names || (name !== undefined && rule.names.has(name));
  return isNamed && has(rule.verbs, verb) && has(rule.groups, group) && has(rule.resources, resource);
}
