import type { ClusterObject } from '../../../client.ts';
import { podTotal } from '../pods/pod-resources.ts';
import type { ResourceSpec } from '../pods/pod-resources.ts';
import type { CountedKind } from './object-usage.ts';

export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Which objects a quota is about. */
export interface ScopedQuota {
  readonly scopes?: readonly string[] | null;
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] | null };
}

interface Term {
  readonly namespaces?: readonly string[] | null;
  readonly namespaceSelector?: object;
}

interface Affinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly Term[] | null;
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly { readonly podAffinityTerm?: Term }[] | null;
}

interface PodSpec extends ResourceSpec {
  readonly activeDeadlineSeconds?: number;
  readonly priorityClassName?: string;
  readonly affinity?: { readonly podAffinity?: Affinity; readonly podAntiAffinity?: Affinity };
}

function termsOf(affinity: Affinity | undefined): Term[] {
  const { requiredDuringSchedulingIgnoredDuringExecution, preferredDuringSchedulingIgnoredDuringExecution } =
    affinity ?? {};
  const preferred = (preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }) =>
    podAffinityTerm ? [podAffinityTerm] : [],
  );
  return [...(requiredDuringSchedulingIgnoredDuringExecution ?? []), ...preferred];
}

function looksAcrossNamespaces({ affinity }: PodSpec): boolean {
  const terms = [...termsOf(affinity?.podAffinity), ...termsOf(affinity?.podAntiAffinity)];
  return terms.some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector);
}

const valueFits = ({ operator, values = [] }: ScopeRequirement, value: string | undefined): boolean => {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
};

function isBestEffort(spec: PodSpec): boolean {
  const named = [...Object.entries(podTotal(spec, 'requests')), ...Object.entries(podTotal(spec, 'limits'))];
  return !named.some(([name, { nanos }]) => (name === 'cpu' || name === 'memory') && nanos > 0n);
}

const podScopes: Readonly<Record<string, (spec: PodSpec, requirement: ScopeRequirement) => boolean>> = {
  Terminating: ({ activeDeadlineSeconds = -1 }) => activeDeadlineSeconds >= 0,
  NotTerminating: ({ activeDeadlineSeconds = -1 }) => activeDeadlineSeconds < 0,
  BestEffort: isBestEffort,
  NotBestEffort: (spec) => !isBestEffort(spec),
  PriorityClass: ({ priorityClassName }, requirement) => valueFits(requirement, priorityClassName || undefined),
  CrossNamespacePodAffinity: looksAcrossNamespaces,
};

function volumeAttributesClass(claim: ClusterObject, requirement: ScopeRequirement): boolean {
  const { spec } = claim as { spec?: { volumeAttributesClassName?: string } }; // the schema has checked it
  return valueFits(requirement, spec?.volumeAttributesClassName || undefined);
}

function fits(kind: CountedKind, object: ClusterObject, requirement: ScopeRequirement): boolean {
  if (kind.group !== '') return false;
  if (kind.resource === 'pods') {
    return podScopes[requirement.scopeName]?.(object.spec as PodSpec, requirement) ?? false; // the schema has checked it
  }
  const ofClaim = kind.resource === 'persistentvolumeclaims' && requirement.scopeName === 'VolumeAttributesClass';
  return ofClaim && volumeAttributesClass(object, requirement);
}

/** True when the quota is about the object: when all its scopes fit. */
export function isInScope({ scopes, scopeSelector }: ScopedQuota, kind: CountedKind, object: ClusterObject): boolean {
  const named = (scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...named, ...(scopeSelector?.matchExpressions ?? [])].every((requirement) => fits(kind, object, requirement));
}
