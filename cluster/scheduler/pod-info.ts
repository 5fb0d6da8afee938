import { keyOf } from '../reconcile/object-key.ts';
import { controllerOf } from '../reconcile/owners.ts';
import { type Labels, labelMatcher, type LabelMatcher, withLabelKeys } from './label-matcher.ts';
import type { PodAffinityTerm, SchedulablePod } from './placed-pod.ts';
import { type Amounts, assumedRequest, type HostPort, hostPorts, podRequest } from './pod-request.ts';

/** A term of pod affinity, ready to be asked. */
export interface CompiledTerm {
  /** Equal for terms that mean the same, whichever pod has them. */
  readonly key: string;
  readonly topologyKey: string;
  readonly weight: number;
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces with these labels count too; undefined: none but those named. */
  readonly namespaceMatches: LabelMatcher | undefined;
  readonly matches: LabelMatcher;
}

export interface PodTerms {
  readonly affinity: readonly CompiledTerm[];
  readonly antiAffinity: readonly CompiledTerm[];
  readonly preferred: readonly CompiledTerm[];
  readonly avoided: readonly CompiledTerm[];
}

/** A pod with everything worked out that placing it asks for again and again. */
export interface PodInfo {
  /** The newest state; nothing that was worked out depends on what changes here. */
  pod: SchedulablePod;
  readonly key: string;
  readonly uid: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly priority: number;
  readonly request: Amounts;
  readonly assumed: { readonly cpu: number; readonly memory: number };
  readonly ports: readonly HostPort[];
  readonly terms: PodTerms | undefined;
  readonly ownerUid: string | undefined;
  /** Names of the claims its volumes use, those made for the pod included. */
  readonly claims: readonly string[];
  readonly isGoing: boolean;
}

function compile(term: PodAffinityTerm, weight: number, pod: SchedulablePod): CompiledTerm {
  const { labels = {}, namespace = '' } = pod.metadata;
  const { topologyKey, namespaceSelector, matchLabelKeys, mismatchLabelKeys } = term;
  const selector = withLabelKeys(term.labelSelector, labels, { match: matchLabelKeys, mismatch: mismatchLabelKeys });
  const named = term.namespaces?.length ? term.namespaces : namespaceSelector ? [] : [namespace];
  const names = [...named].sort();
  return {
    key: JSON.stringify([topologyKey, names, namespaceSelector, selector]),
    topologyKey,
    weight,
    namespaces: new Set(names),
    namespaceMatches: namespaceSelector && labelMatcher(namespaceSelector),
    matches: labelMatcher(selector),
  };
}

function termsOf(pod: SchedulablePod): PodTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return undefined;
  const required = (terms: readonly PodAffinityTerm[] = []): CompiledTerm[] =>
    terms.map((term) => compile(term, 1, pod));
  const preferred = (
    terms: NonNullable<typeof podAffinity>['preferredDuringSchedulingIgnoredDuringExecution'],
  ): CompiledTerm[] => (terms ?? []).map(({ weight, podAffinityTerm }) => compile(podAffinityTerm, weight, pod));
  return {
    affinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    antiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: preferred(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    avoided: preferred(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

function claimsOf({ metadata, spec }: SchedulablePod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral ? [`${metadata.name}-${name}`] : [];
  });
}

/** Works out what the scheduler asks of a pod. */
export function podInfo(pod: SchedulablePod): PodInfo {
  const { metadata, spec } = pod;
  return {
    pod,
    key: keyOf(pod),
    uid: metadata.uid ?? '',
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? {},
    priority: spec.priority ?? 0,
    request: podRequest(pod),
    assumed: assumedRequest(pod),
    ports: hostPorts(pod),
    terms: termsOf(pod),
    ownerUid: controllerOf(pod)?.uid,
    claims: claimsOf(pod),
    isGoing: metadata.deletionTimestamp !== undefined,
  };
}
