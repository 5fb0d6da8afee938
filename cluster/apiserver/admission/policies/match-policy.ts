import type { KindInfo } from '../../kinds/kind-info.ts';
import type { AdmissionRequest } from '../../store/write-request.ts';
import {
  equivalentKinds,
  namespaceSelected,
  objectSelected,
  ruleMatches,
  type MatchDeps,
} from '../webhooks/invocation.ts';
import type { MatchResources, PolicyRule } from './policy-source.ts';

function isNamed({ resourceNames = [] }: PolicyRule, { target, object }: AdmissionRequest): boolean {
  return resourceNames.length === 0 || resourceNames.includes(target.name || object.metadata.name);
}

const takes = (rules: readonly PolicyRule[], kind: KindInfo, request: AdmissionRequest): boolean =>
  rules.some((rule) => ruleMatches(rule, kind, request) && isNamed(rule, request));

/**
 * The kind under which a policy or binding is about the request; nothing when it is not. One without rules is about all
 * that its selectors take.
 */
export function matchedAs(deps: MatchDeps, match: MatchResources, request: AdmissionRequest): KindInfo | undefined {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy = 'Equivalent' } = match;
  const { kind } = request.target;
  const kinds = matchPolicy === 'Exact' ? [kind] : equivalentKinds(deps.kinds, kind);
  if (excludeResourceRules.length > 0 && kinds.some((one) => takes(excludeResourceRules, one, request)))
    return undefined;
  const as = resourceRules.length === 0 ? kind : kinds.find((one) => takes(resourceRules, one, request));
  return as && isSelected(deps, match, request) ? as : undefined;
}

function isSelected({ storage }: MatchDeps, match: MatchResources, request: AdmissionRequest): boolean {
  return objectSelected(match.objectSelector, request) && namespaceSelected(storage, match.namespaceSelector, request);
}
