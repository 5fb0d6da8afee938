import type { ClusterObject } from '../client.ts';
import { controllerOf } from '../reconcile/owners.ts';
import type { Pod } from '../reconcile/pod.ts';
import { type Amounts, hostPorts, minus, plus, podRequest } from './pod-request.ts';

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A Node, as far as the scheduler reads it. */
export interface SchedulableNode extends ClusterObject {
  spec: { taints?: readonly NodeTaint[]; unschedulable?: boolean };
  status?: { allocatable?: Record<string, string> };
}

interface Placed {
  readonly node: string;
  readonly request: Amounts;
  readonly ports: readonly string[];
  readonly owner: string | undefined;
}

export interface Usage {
  readonly requested: Amounts;
  readonly pods: number;
  readonly ports: ReadonlySet<string>;
  /** How many pods of one owner run there, by the owner's uid. */
  readonly perOwner: ReadonlyMap<string, number>;
}

interface Tally {
  requested: Amounts;
  pods: number;
  ports: Set<string>;
  perOwner: Map<string, number>;
}

const emptyUsage: Usage = { requested: {}, pods: 0, ports: new Set(), perOwner: new Map() };

/** What the pods placed so far take of each node, kept up to date pod by pod. */
export class NodeUsage {
  readonly #placed = new Map<string, Placed>();
  readonly #tallies = new Map<string, Tally>();

  of(node: string): Usage {
    return this.#tallies.get(node) ?? emptyUsage;
  }

  has(uid: string): boolean {
    return this.#placed.has(uid);
  }

  /** Counts the pod on `node`; placing it again, there or elsewhere, replaces what was counted. */
  place(pod: Pod, node: string): void {
    const uid = pod.metadata.uid ?? '';
    if (this.#placed.get(uid)?.node === node) return;
    this.remove(uid);
    const placed = { node, request: podRequest(pod), ports: hostPorts(pod), owner: controllerOf(pod)?.uid };
    this.#placed.set(uid, placed);
    const tally = this.#tallies.get(node) ?? {
      requested: {},
      pods: 0,
      ports: new Set(),
      perOwner: new Map<string, number>(),
    };
    this.#tallies.set(node, tally);
    tally.requested = plus(tally.requested, placed.request);
    tally.pods += 1;
    for (const port of placed.ports) tally.ports.add(port);
    if (placed.owner) tally.perOwner.set(placed.owner, (tally.perOwner.get(placed.owner) ?? 0) + 1);
  }

  /** Frees what the pod took; true when it had been placed. */
  remove(uid: string): boolean {
    const placed = this.#placed.get(uid);
    const tally = placed && this.#tallies.get(placed.node);
    if (!placed || !tally) return false;
    this.#placed.delete(uid);
    tally.requested = minus(tally.requested, placed.request);
    tally.pods -= 1;
    for (const port of placed.ports) tally.ports.delete(port);
    if (placed.owner) countDown(tally.perOwner, placed.owner);
    if (tally.pods === 0) this.#tallies.delete(placed.node);
    return true;
  }
}

function countDown(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
