import { canonical } from '../../reconcile/canonical.ts';
import type { PodTemplate, ReplicaSet } from '../replicaset/replicaset.ts';
import { type Deployment, rolloutAnnotations, templateHashLabel } from './deployment.ts';

function withoutHash(template: PodTemplate): PodTemplate {
  const { [templateHashLabel]: hash, ...labels } = template.metadata?.labels ?? {};
  return hash === undefined ? template : { ...template, metadata: { ...template.metadata, labels } };
}

/** Do two templates make the same pods? The hash label does not count. */
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  const spec = (template: PodTemplate): string => canonical({ metadata: {}, ...withoutHash(template) });
  return spec(a) === spec(b);
}

function createdMs(set: ReplicaSet): number {
  return Date.parse(set.metadata.creationTimestamp ?? '') || 0;
}

/** Oldest first; sets of the same second by name, so that the order is always the same. */
export function byAge(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return [...sets].sort((a, b) => createdMs(a) - createdMs(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** The replica set of the deployment's present template; of several, the oldest, so that none flaps. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return byAge(sets).find((set) => sameTemplate(set.spec.template, deployment.spec.template));
}

export function revisionOf(set: ReplicaSet | undefined): number {
  return Number(set?.metadata.annotations?.[rolloutAnnotations.revision] ?? 0) || 0;
}

/** The number the newest replica set must carry: one above every other. */
export function nextRevision(old: readonly ReplicaSet[]): number {
  return Math.max(0, ...old.map(revisionOf)) + 1;
}

const notCopied: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  ...Object.values(rolloutAnnotations),
]);

/** The annotations of the deployment that its replica set carries too, so that a rollback brings them back. */
export function copiedAnnotations(deployment: Deployment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !notCopied.has(name)),
  );
}

/** The annotations of a replica set that becomes the newest with `revision`; a former number moves to its history. */
export function newestAnnotations(deployment: Deployment, set: ReplicaSet, revision: number): Record<string, string> {
  const { revision: revisionName, history } = rolloutAnnotations;
  const present = set.metadata.annotations ?? {};
  const before = revisionOf(set);
  const next = { ...present, ...copiedAnnotations(deployment) };
  if (before >= revision) return next;
  const past = [present[history], String(before)].filter((entry) => entry && entry !== '0').join(',');
  return { ...next, [revisionName]: String(revision), ...(past && { [history]: past }) };
}

/** Replica sets that a finished rollout no longer needs for rollbacks, oldest revision first. */
export function expiredSets(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const idle = old.filter(
    ({ metadata, spec, status }) =>
      !metadata.deletionTimestamp &&
      (spec.replicas ?? 0) === 0 &&
      (status?.replicas ?? 0) === 0 &&
      (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0),
  );
  const sorted = byAge(idle).sort((a, b) => revisionOf(a) - revisionOf(b));
  return sorted.slice(0, Math.max(0, old.length - limit));
}
