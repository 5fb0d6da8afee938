import { baselineChecks } from './baseline-checks.ts';
import type { Check, Violation } from './check.ts';
import type { PodLike } from './pod-fields.ts';
import { restrictedChecks } from './restricted-checks.ts';

export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A standard as it was in a version of Kubernetes. */
export interface Standard {
  readonly level: Level;
  /** `latest`, or a minor version. */
  readonly version: number | 'latest';
}

export const free: Standard = { level: 'privileged', version: 'latest' };

/** `restricted:v1.30`, as messages name a standard. */
export function standardText({ level, version }: Standard): string {
  return `${level}:${version === 'latest' ? version : `v1.${version}`}`;
}

function applies({ since, until = Infinity }: Check, version: Standard['version']): boolean {
  const minor = version === 'latest' ? Number.MAX_SAFE_INTEGER : version;
  return (
    since <= minor && minor <= (version === 'latest' ? Infinity : until) && (version !== 'latest' || until === Infinity)
  );
}

function checksOf({ level, version }: Standard): readonly Check[] {
  const current = (checks: readonly Check[]): Check[] => checks.filter((check) => applies(check, version));
  if (level === 'privileged') return [];
  if (level === 'baseline') return current(baselineChecks);
  const restricted = current(restrictedChecks);
  const overridden = new Set(restricted.flatMap(({ overrides = [] }) => overrides));
  return [...current(baselineChecks).filter(({ id }) => !overridden.has(id)), ...restricted];
}

/** Everything a standard holds against the pod. */
export function violations(standard: Standard, pod: PodLike): Violation[] {
  return checksOf(standard).flatMap(({ find }) => find(pod) ?? []);
}

/** The reasons with their details, as one sentence. */
export function violationText(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');
}
