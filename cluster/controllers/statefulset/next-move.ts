import { availableFromMs, isFinished, type Pod } from '../../reconcile/pod.ts';
import { revisionLabel, type StatefulSet } from './statefulset.ts';

/** What a stateful set does next: make the pod of an ordinal, delete a pod, or wait for one. */
export type Move = { readonly create: number } | { readonly delete: Pod } | { readonly waitFor: string };

/** The number at the end of the pod's name, if it is one of this set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${set.metadata.name}-`;
  const tail = pod.metadata.name.startsWith(prefix) ? pod.metadata.name.slice(prefix.length) : '';
  return /^(0|[1-9]\d*)$/.test(tail) ? Number(tail) : undefined;
}

export function isAvailable(set: StatefulSet, pod: Pod, nowMs: number): boolean {
  return (availableFromMs(pod, set.spec.minReadySeconds ?? 0) ?? Infinity) <= nowMs;
}

export interface Moment {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  /** Name of the revision of the present template. */
  readonly updateRevision: string;
  readonly nowMs: number;
}

/**
 * The moves a set may make now. In order, it makes at most one and lets every pod become available first; in parallel
 * it makes all creations and deletions at once, but still updates one pod at a time, the highest ordinal first.
 */
export function nextMoves(moment: Moment): Move[] {
  const { set, pods } = moment;
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod) ?? -1, pod]));
  const moves = [...fillMoves(moment, byOrdinal), ...shrinkMoves(set, byOrdinal)];
  if (set.spec.podManagementPolicy === 'Parallel') {
    const acts = moves.filter((move) => !('waitFor' in move));
    return acts.length > 0 ? acts : updates(moment, byOrdinal, moves);
  }
  return moves.length > 0 ? firstInOrder(moment, byOrdinal, moves) : updates(moment, byOrdinal, moves);
}

type ByOrdinal = ReadonlyMap<number, Pod>;

function ordinals({ spec }: StatefulSet): { start: number; end: number } {
  const start = spec.ordinals?.start ?? 0;
  return { start, end: start + (spec.replicas ?? 1) };
}

/** The lowest ordinal an update may touch: below it pods keep the revision before. */
export function firstUpdated(set: StatefulSet): number {
  return ordinals(set).start + (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
}

function fillMoves({ set, nowMs }: Moment, byOrdinal: ByOrdinal): Move[] {
  const { start, end } = ordinals(set);
  const moves: Move[] = [];
  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (!pod) moves.push({ create: ordinal });
    else if (pod.metadata.deletionTimestamp) moves.push({ waitFor: pod.metadata.name });
    else if (isFinished(pod)) moves.push({ delete: pod });
    else if (!isAvailable(set, pod, nowMs)) moves.push({ waitFor: pod.metadata.name });
  }
  return moves;
}

function shrinkMoves(set: StatefulSet, byOrdinal: ByOrdinal): Move[] {
  const { start, end } = ordinals(set);
  const condemned = [...byOrdinal].filter(([ordinal]) => ordinal < start || ordinal >= end).sort(([a], [b]) => b - a);
  return condemned.map(([, pod]) =>
    pod.metadata.deletionTimestamp ? { waitFor: pod.metadata.name } : { delete: pod },
  );
}

// A pod of an old template that never comes up may be replaced, although the set waits for it: else a bad image
// could not be mended by a good one.
function firstInOrder(moment: Moment, byOrdinal: ByOrdinal, moves: readonly Move[]): Move[] {
  const [first] = moves;
  if (!first || !('waitFor' in first)) return moves.slice(0, 1);
  const update = updates(moment, byOrdinal, []).find(
    (move) => 'delete' in move && move.delete.metadata.name === first.waitFor,
  );
  return update ? [update] : [first];
}

function updates({ set, updateRevision }: Moment, byOrdinal: ByOrdinal, waiting: readonly Move[]): Move[] {
  if (set.spec.updateStrategy?.type === 'OnDelete' || waiting.length > 0) return [];
  const lowest = firstUpdated(set);
  const stale = [...byOrdinal]
    .filter(
      ([ordinal, pod]) =>
        ordinal >= lowest && pod.metadata.labels?.[revisionLabel] !== updateRevision && !pod.metadata.deletionTimestamp,
    )
    .sort(([a], [b]) => b - a);
  return stale.slice(0, 1).map(([, pod]) => ({ delete: pod }));
}
