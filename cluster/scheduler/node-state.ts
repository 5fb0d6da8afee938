import type { ClusterObject } from '../client.ts';
import type { Labels } from './label-matcher.ts';
import type { PodInfo } from './pod-info.ts';
import { type Amounts, amountsOf, type HostPort, portsClash } from './pod-request.ts';

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A Node, as far as the scheduler reads it. */
export interface SchedulableNode extends ClusterObject {
  spec: { taints?: readonly NodeTaint[]; unschedulable?: boolean };
  status?: {
    allocatable?: Record<string, string>;
    images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[];
  };
}

/** One node and what the pods placed on it take, kept up to date pod by pod. */
export class NodeState {
  readonly name: string;
  readonly pods = new Map<string, PodInfo>();
  /** What the pods ask for. */
  readonly requested: Record<string, number> = {};
  /** The same with something assumed for those that do not ask. */
  readonly assumed = { cpu: 0, memory: 0 };
  readonly #ports: HostPort[] = [];
  #node: SchedulableNode;
  #allocatable: Amounts = {};
  #forbidding: readonly NodeTaint[] = [];
  #advising: readonly NodeTaint[] = [];
  #labels: Labels = {};

  constructor(node: SchedulableNode) {
    this.name = node.metadata.name;
    this.#node = node;
    this.update(node);
  }

  get node(): SchedulableNode {
    return this.#node;
  }

  get labels(): Labels {
    return this.#labels;
  }

  get allocatable(): Amounts {
    return this.#allocatable;
  }

  /** The taints that keep pods away. */
  get forbidding(): readonly NodeTaint[] {
    return this.#forbidding;
  }

  /** The taints that only advise against the node. */
  get advising(): readonly NodeTaint[] {
    return this.#advising;
  }

  update(node: SchedulableNode): void {
    this.#node = node;
    this.#allocatable = amountsOf(node.status?.allocatable);
    this.#labels = node.metadata.labels ?? {};
    const taints = node.spec.taints ?? [];
    this.#forbidding = taints.filter(({ effect }) => effect !== 'PreferNoSchedule');
    this.#advising = taints.filter(({ effect }) => effect === 'PreferNoSchedule');
  }

  add(pod: PodInfo): void {
    this.pods.set(pod.uid, pod);
    this.#count(pod, 1);
    this.#ports.push(...pod.ports);
  }

  remove(pod: PodInfo): void {
    if (!this.pods.delete(pod.uid)) return;
    this.#count(pod, -1);
    for (const port of pod.ports) this.#ports.splice(this.#ports.indexOf(port), 1);
  }

  hasPort(wanted: HostPort): boolean {
    return this.#ports.some((port) => portsClash(port, wanted));
  }

  #count({ request, assumed }: PodInfo, by: 1 | -1): void {
    for (const name of Object.keys(request))
      this.requested[name] = (this.requested[name] ?? 0) + by * (request[name] ?? 0);
    this.assumed.cpu += by * assumed.cpu;
    this.assumed.memory += by * assumed.memory;
  }
}
