import { containersOf } from './pod-fields.ts';
import type { Container, PodLike, SecurityContext } from './pod-fields.ts';

/** What a standard holds against a pod: a short reason, and where in the pod it lies. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of a standard; `since` and `until` are the minor versions of Kubernetes in which it is so. */
export interface Check {
  readonly id: string;
  readonly since: number;
  readonly until?: number;
  /** Rules of the baseline standard that this one, of the restricted standard, says more strictly. */
  readonly overrides?: readonly string[];
  readonly find: (pod: PodLike) => Violation | undefined;
}

export const quoted = (values: Iterable<string>): string => [...values].map((value) => `"${value}"`).join(', ');

/** `container "c"`, `containers "c", "d"`. */
export function named(word: string, names: readonly string[]): string {
  return `${word}${names.length === 1 ? '' : 's'} ${quoted(names)}`;
}

export const sortedSet = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Which of a pod's security contexts do something, the pod's own first: `pod and containers "c", "d"`. */
export function settersOf(pod: PodLike, does: (context: SecurityContext) => boolean): string | undefined {
  const ofPod = pod.spec.securityContext && does(pod.spec.securityContext) ? ['pod'] : [];
  const names = namesOf(pod, ({ securityContext }) => securityContext !== undefined && does(securityContext));
  const setters = [...ofPod, ...(names.length > 0 ? [named('container', names)] : [])];
  return setters.length > 0 ? setters.join(' and ') : undefined;
}

/** The containers that are so. */
export function namesOf({ spec }: PodLike, isSo: (container: Container) => boolean): string[] {
  return containersOf(spec)
    .filter(isSo)
    .map(({ name }) => name);
}

/** All security contexts, the pod's own first. */
export function contextsOf({ spec }: PodLike): SecurityContext[] {
  const contexts = [spec.securityContext, ...containersOf(spec).map(({ securityContext }) => securityContext)];
  return contexts.filter((context) => context !== undefined);
}
