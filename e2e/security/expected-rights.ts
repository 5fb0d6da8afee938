// What a role ought to allow, read off its published rules as a person would read them: slowly, with regular expressions,
// and with nothing of the code that decides. The matrix compares the two.
import type { PolicyRule } from '@feature/iam/contract';
import { everybody, projects, type Level } from './people.ts';

/** A request in the words of roles. */
export interface Asked {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly sub: string;
  readonly name: string;
  readonly level: Level;
  /** The workspace or the namespace. */
  readonly place: string;
  /** Behind `/api` and `/apis`. */
  readonly isKube: boolean;
  /** No resource at all: a plain path. */
  readonly isPath: boolean;
}

/** A person with the rules of their roles. */
export interface Rights {
  readonly name: string;
  readonly grants: readonly { readonly level: Level; readonly place: string; readonly rules: readonly PolicyRule[] }[];
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const ofThePlatform: Readonly<Record<string, RegExp>> = {
  'iam.kubesphere.io': /^(users|globalroles|globalrolebindings)$/,
  'tenant.kubesphere.io': /^(workspaces|workspacetemplates|clusters)$/,
  'resources.kubesphere.io': /^(clusters|users|globalroles|globalrolebindings|workspaces|workspacetemplates)$/,
};
const ownKinds = /^(iam|tenant|cluster|notification)\.kubesphere\.io$|^iam\.freehold\.io$/;

/** Reads a path as the published order of checks does (global, workspace, project, cluster). */
export function asked(method: string, target: string): Asked {
  const [path = ''] = target.split('?', 1);
  const split = splitPath(path);
  if (!split) return { ...nothing, verb: method.toLowerCase(), isPath: true };
  const { group, isKube } = split;
  const place = placeIn(split.rest, isKube);
  const [resource = '', name = '', sub = ''] = place.rest.split('/');
  const one = { ...nothing, group, resource, name, sub, isKube };
  const isWatch = isKube && /[?&]watch=true/.test(target);
  return { ...one, ...levelOf(one, place), verb: verbOf(method, { name, sub, isWatch }) };
}

/** Group and what stands behind the version; nothing for plain paths. */
function splitPath(path: string): { group: string; isKube: boolean; rest: string } | undefined {
  const core = /^\/api\/[^/]+\/(.+)$/.exec(path);
  if (core) return { group: '', isKube: true, rest: core[1] ?? '' };
  const named = /^\/(apis|kapis)\/([^/]+)\/[^/]+\/(.+)$/.exec(path);
  return named ? { group: named[2] ?? '', isKube: named[1] === 'apis', rest: named[3] ?? '' } : undefined;
}

const nothing: Asked = {
  verb: '',
  group: '',
  resource: '',
  sub: '',
  name: '',
  level: 'cluster',
  place: '',
  isKube: false,
  isPath: false,
};

interface Place {
  readonly rest: string;
  readonly workspace?: string | undefined;
  readonly namespace?: string | undefined;
}

function placeIn(text: string, isKube: boolean): Place {
  const inWorkspace = isKube ? null : /^workspaces\/([^/]+)\/(.+)$/.exec(text);
  const workspace = inWorkspace?.[1];
  const rest = inWorkspace?.[2] ?? text;
  const own = /^namespaces\/([^/]+)(\/(status|finalize))?$/.exec(rest);
  if (own) return { workspace, namespace: own[1], rest };
  const inner = (isKube ? /^(namespaces)\/([^/]+)\/(.+)$/ : /^(namespaces|devops)\/([^/]+)\/(.+)$/).exec(rest);
  return inner ? { workspace, namespace: inner[2], rest: inner[3] ?? '' } : { workspace, rest };
}

function levelOf(one: Asked, at: Place): { level: Level; place: string } {
  const { group, resource, name } = one;
  if (one.isKube && ownKinds.test(group) && !at.namespace) return { level: 'platform', place: '' };
  if (isOneWorkspace(one)) return { level: 'workspace', place: name };
  if (ofThePlatform[group]?.test(resource)) return { level: 'platform', place: '' };
  if (at.namespace) return { level: 'project', place: at.namespace };
  return at.workspace ? { level: 'workspace', place: at.workspace } : { level: 'cluster', place: '' };
}

const isOneWorkspace = ({ isKube, group, resource, name }: Asked): boolean =>
  !isKube && group === 'tenant.kubesphere.io' && /^(workspaces|workspacetemplates)$/.test(resource) && name !== '';

function verbOf(method: string, { name, sub, isWatch }: { name: string; sub: string; isWatch: boolean }): string {
  const verb = verbs[method] ?? method.toLowerCase();
  if (verb === 'get' && /^(exec|attach|portforward|proxy)$/.test(sub)) return 'create';
  if (name !== '') return verb;
  if (verb === 'get') return isWatch ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** Whether the person ought to be let in. */
export function ought(rights: Rights, wanted: Asked): boolean {
  if (wanted.isPath) return wanted.verb === 'get' || rights.grants.some(({ rules }) => rules.some(allowsPath));
  const counting = rights.grants.filter((grant) => counts(grant, wanted));
  if (isGuarded(wanted))
    return counting.some(({ level, rules }) => (level === 'platform' || level === 'cluster') && rules.some(isAll));
  const rules = [...everybody, ...counting.flatMap((grant) => grant.rules)];
  return rules.some((rule) => fits(rule, wanted)) || isAboutSelf(rights.name, wanted);
}

const allowsPath = ({ nonResourceURLs = [], verbs: own }: PolicyRule): boolean =>
  nonResourceURLs.includes('*') && own.includes('*');

function counts(grant: Rights['grants'][number], { level, place }: Asked): boolean {
  if (grant.level === 'platform') return true;
  if (grant.level === 'cluster') return level !== 'platform';
  if (grant.level === 'project') return level === 'project' && grant.place === place;
  return grant.place === (level === 'project' ? projects[place] : level === 'workspace' ? place : undefined);
}

const isAll = ({ verbs: all, apiGroups, resources, resourceNames }: PolicyRule): boolean =>
  all.includes('*') && apiGroups?.includes('*') === true && resources?.includes('*') === true && !resourceNames;

function isGuarded({ isKube, group, resource, level, place, verb }: Asked): boolean {
  if (isKube && (group === 'iam.freehold.io' || (group === 'iam.kubesphere.io' && resource === 'users'))) return true;
  const isOurs = level === 'project' && place === 'kubesphere-system';
  if (resource === 'secrets') return level !== 'project' || isOurs;
  return isOurs && !/^(get|list|watch)$/.test(verb);
}

const says = (words: readonly string[] | undefined, word: string): boolean =>
  words?.includes('*') === true || words?.includes(word) === true;

function fits(rule: PolicyRule, { verb, group, resource, sub, name }: Asked): boolean {
  if (!says(rule.verbs, verb) || !says(rule.apiGroups, group)) return false;
  if (rule.resourceNames?.length && !rule.resourceNames.includes(name)) return false;
  if (rule.resources?.includes('*')) return true;
  const words = sub === '' ? [resource] : [`${resource}/${sub}`, `*/${sub}`, `${resource}/*`];
  return words.some((word) => rule.resources?.includes(word) === true);
}

/** What everybody may do about themselves. */
function isAboutSelf(self: string, { isKube, group, resource, name, verb }: Asked): boolean {
  if (isKube || group !== 'iam.kubesphere.io' || name !== self) return false;
  if (resource === 'users') return verb !== 'create' && verb !== 'delete' && verb !== 'deletecollection';
  return /^(cluster|workspace)?members$/.test(resource) && /^(get|list|watch)$/.test(verb);
}
