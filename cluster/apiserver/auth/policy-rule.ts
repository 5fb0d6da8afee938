import type { Attributes, PathAttributes, ResourceAttributes } from './attributes.ts';

/** One rule of a role. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some((item) => item === '*' || item === value) ?? false;

function hasResource(list: readonly string[] | undefined, { resource, subresource }: ResourceAttributes): boolean {
  const wanted = subresource ? `${resource}/${subresource}` : resource;
  return (
    list?.some((item) => item === '*' || item === wanted || (subresource !== '' && item === `*/${subresource}`)) ??
    false
  );
}

function hasPath(list: readonly string[] | undefined, path: string): boolean {
  return (
    list?.some((item) => item === '*' || item === path || (item.endsWith('*') && path.startsWith(item.slice(0, -1)))) ??
    false
  );
}

function allowsPath(rule: PolicyRule, { path }: PathAttributes): boolean {
  return hasPath(rule.nonResourceURLs, path);
}

function allowsResource(rule: PolicyRule, attributes: ResourceAttributes): boolean {
  const { resourceNames = [] } = rule;
  return (
    has(rule.apiGroups, attributes.group) &&
    hasResource(rule.resources, attributes) &&
    (resourceNames.length === 0 || resourceNames.includes(attributes.name))
  );
}

/** True when the rule grants what is asked. */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  return 'path' in attributes ? allowsPath(rule, attributes) : allowsResource(rule, attributes);
}

/** The rule cut into pieces that each name one verb, group, resource and name, or one verb and path. */
function pieces(rule: PolicyRule): PolicyRule[] {
  const { verbs, nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const paths = nonResourceURLs.map((path) => ({ nonResourceURLs: [path] }));
  const places = apiGroups.flatMap((group) =>
    resources.map((resource) => ({ apiGroups: [group], resources: [resource] })),
  );
  const named = places.flatMap((place) => resourceNames.map((name) => ({ ...place, resourceNames: [name] })));
  const subjects = [...paths, ...(resourceNames.length > 0 ? named : places)];
  return verbs.flatMap((verb) => subjects.map((subject) => ({ verbs: [verb], ...subject })));
}

const covers = (list: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean =>
  (wanted ?? []).every((item) => has(list, item));

function coversResources(list: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return (wanted ?? []).every(
    (item) => has(list, item) || (item.includes('/') && (list ?? []).includes(`*/${item.split('/')[1] ?? ''}`)),
  );
}

function covered(piece: PolicyRule, by: PolicyRule): boolean {
  if (!covers(by.verbs, piece.verbs)) return false;
  if (piece.nonResourceURLs) return piece.nonResourceURLs.every((path) => hasPath(by.nonResourceURLs, path));
  const names = by.resourceNames ?? [];
  const namesFit =
    names.length === 0 ||
    (piece.resourceNames !== undefined && piece.resourceNames.every((name) => names.includes(name)));
  return namesFit && covers(by.apiGroups, piece.apiGroups) && coversResources(by.resources, piece.resources);
}

/** The pieces of `wanted` that `owned` does not grant: what somebody would hand out without having it. */
export function missingRules(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap((rule) => pieces(rule).filter((piece) => !owned.some((own) => covered(piece, own))));
}
