import type { ClusterState } from './cluster-state.ts';
import type { NodeState } from './node-state.ts';
import type { PodInfo } from './pod-info.ts';
import type { ChangeKind } from './cluster-change.ts';

/** Why a node is out of the question for a pod. */
export interface Rejection {
  readonly reasons: readonly string[];
  /** True when removing other pods from the node could not help. */
  readonly isFinal: boolean;
}

/** A filter that has looked at the pod and can now be asked about one node after the other. */
export interface NodeCheck {
  check(node: NodeState): Rejection | undefined;
  /** Counts a pod in or out of a node, to see what would be if; only what the check keeps beside the node's own state. */
  change?(pod: PodInfo, node: NodeState, by: 1 | -1): void;
}

/** The pod can run nowhere as things are, whatever the nodes. */
export interface NoWhere {
  readonly nowhere: string;
}

export interface Filter {
  readonly name: string;
  /** What may make a pod that it has refused fit. */
  readonly helpedBy: readonly ChangeKind[];
  /** Looks at the pod; undefined when the filter has nothing to say about pods like this one. */
  prepare(pod: PodInfo, cluster: ClusterState): NodeCheck | NoWhere | undefined;
}

export interface Scorer {
  readonly name: string;
  readonly weight: number;
  /** 0..100 for each node, in their order; undefined when all are alike to it. */
  score(pod: PodInfo, nodes: readonly NodeState[], cluster: ClusterState): readonly number[] | undefined;
}

/** A reason that no eviction could remove. */
export function final(...reasons: string[]): Rejection {
  return { reasons, isFinal: true };
}

/** A reason that may be gone when other pods are. */
export function passing(...reasons: string[]): Rejection {
  return { reasons, isFinal: false };
}
