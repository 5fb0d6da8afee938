import type { QuotaScopes } from '../contract/index.ts';
import type { PodLike } from './pod-usage.ts';

type Test = (pod: PodLike) => boolean;

function isBestEffort({ spec }: PodLike): boolean {
  const all = [...(spec.containers ?? []), ...(spec.initContainers ?? []), { resources: spec.resources }];
  return all.every(({ resources }) =>
    ['cpu', 'memory'].every((name) => !resources?.requests?.[name] && !resources?.limits?.[name]),
  );
}

const hasDeadline: Test = ({ spec }) => (spec.activeDeadlineSeconds ?? -1) >= 0;

function looksElsewhere({ spec }: PodLike): boolean {
  return /"namespaces":\["|"namespaceSelector":\{/.test(JSON.stringify(spec.affinity ?? {}));
}

const tests: Readonly<Record<string, Test>> = {
  Terminating: hasDeadline,
  NotTerminating: (pod) => !hasDeadline(pod),
  BestEffort: isBestEffort,
  NotBestEffort: (pod) => !isBestEffort(pod),
  PriorityClass: ({ spec }) => Boolean(spec.priorityClassName),
  CrossNamespacePodAffinity: looksElsewhere,
};

/** Names of the scopes a quota may have. */
export const scopeNames = Object.keys(tests);

type Expression = NonNullable<NonNullable<QuotaScopes['scopeSelector']>['matchExpressions']>[number];

function meets(pod: PodLike, { scopeName, operator, values = [] }: Expression): boolean {
  const has = tests[scopeName]?.(pod) ?? false;
  if (operator === 'DoesNotExist') return !has;
  if (operator === 'Exists' || scopeName !== 'PriorityClass') return has;
  const isListed = values.includes(pod.spec.priorityClassName ?? '');
  return operator === 'NotIn' ? !isListed : isListed;
}

/** Whether a quota is limited to some pods at all. */
export function isScoped({ scopes = [], scopeSelector }: QuotaScopes): boolean {
  return scopes.length > 0 || (scopeSelector?.matchExpressions ?? []).length > 0;
}

/** Whether a pod is one that a quota of these scopes counts. */
export function inScopes(pod: PodLike, { scopes = [], scopeSelector }: QuotaScopes): boolean {
  return (
    scopes.every((scope) => tests[scope]?.(pod) ?? false) &&
    (scopeSelector?.matchExpressions ?? []).every((expression) => meets(pod, expression))
  );
}
