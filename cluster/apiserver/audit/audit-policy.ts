import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { RequestInfo } from '../endpoints/request-info.ts';
import type { Caller } from '../store/write-request.ts';

const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;

/** How much an event tells; each tells what the one before does, and more. */
export type AuditLevel = (typeof levels)[number];
export type AuditStage = (typeof stages)[number];

interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A rule of an audit policy; what it leaves out it does not ask for. */
export interface AuditRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** A `Policy` of `audit.k8s.io/v1`. */
export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** What is told of one request. */
export interface AuditDecision {
  readonly level: AuditLevel;
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields: boolean;
}

function checkPolicy(policy: Partial<AuditPolicy> | null, where: string): AuditPolicy {
  const rules = policy?.rules ?? [];
  if (!Array.isArray(rules) || rules.length === 0) throw new Error(`the audit policy ${where} has no rules`);
  const read = [...rules.entries()] as [number, AuditRule][]; // checked here
  for (const [index, { level, omitStages = [] }] of read) {
    if (!levels.includes(level))
      throw new Error(`rules[${index}].level of the audit policy ${where} is not one of ${levels.join(', ')}`);
    const unknown = omitStages.find((stage) => !stages.includes(stage));
    if (unknown) throw new Error(`rules[${index}].omitStages of the audit policy ${where} names no stage: ${unknown}`);
  }
  return { ...policy, rules };
}

/** Takes a policy, or reads the YAML or JSON file with it. Throws when it is none. */
export function openPolicy(policy: AuditPolicy | string): AuditPolicy {
  if (typeof policy !== 'string') return checkPolicy(policy, 'that was given');
  return checkPolicy(parse(readFileSync(policy, 'utf8')) as Partial<AuditPolicy> | null, policy); // checked
}

const asks = (list: readonly string[] | undefined, value: string): boolean => !list?.length || list.includes(value);

function asksPath(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => {
    if (pattern === '*' || pattern === path) return true;
    return pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1));
  });
}

type At = NonNullable<RequestInfo['resource']>;

function asksKind({ resources }: GroupResources, { resource, subresource }: At): boolean {
  if (!resources?.length) return true;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  return resources.some(
    (one) =>
      one === '*' ||
      one === whole ||
      (subresource !== '' && (one === `*/${subresource}` || one === `${resource}/*`)) ||
      (one === `${resource}/*` && subresource === ''),
  );
}

function asksResource({ resources, namespaces }: AuditRule, at: At): boolean {
  if (!asks(namespaces, at.namespace)) return false;
  if (!resources?.length) return true;
  return resources.some(
    (one) => (one.group ?? '') === at.group && asksKind(one, at) && asks(one.resourceNames, at.name),
  );
}

function isAbout(rule: AuditRule, info: RequestInfo): boolean {
  const { resource: at } = info;
  const aboutResources = rule.resources?.length || rule.namespaces?.length;
  if (at) return !rule.nonResourceURLs?.length && asksResource(rule, at);
  if (aboutResources) return false;
  return !rule.nonResourceURLs?.length || asksPath(rule.nonResourceURLs, info.path);
}

function applies(rule: AuditRule, info: RequestInfo, caller: Caller | undefined): boolean {
  const { users, userGroups } = rule;
  if (!asks(users, caller?.name ?? '') || !asks(rule.verbs, info.verb)) return false;
  if (userGroups?.length && !caller?.groups.some((group) => userGroups.includes(group))) return false;
  return isAbout(rule, info);
}

/** What the first rule that is about the request says of it; no rule, nothing. */
export function decide(policy: AuditPolicy, info: RequestInfo, caller: Caller | undefined): AuditDecision {
  const rule = policy.rules.find((one) => applies(one, info, caller));
  return {
    level: rule?.level ?? 'None',
    omitStages: [...(policy.omitStages ?? []), ...(rule?.omitStages ?? [])],
    omitManagedFields: rule?.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
}

/** True when events of `level` tell at least what those of `wanted` do. */
export function tells(level: AuditLevel, wanted: AuditLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(wanted);
}
