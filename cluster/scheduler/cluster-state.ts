import type { Labels } from './label-matcher.ts';
import { NodeState, type SchedulableNode } from './node-state.ts';
import { PodGroups } from './pod-groups.ts';
import type { PodInfo } from './pod-info.ts';
import { TermIndex } from './term-index.ts';

interface Placed {
  readonly info: PodInfo;
  readonly node: NodeState;
}

const zoneLabels = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'];

/** Nodes and the pods placed on them, as the scheduler has them in mind: what it decided counts before it is bound. */
export class ClusterState {
  readonly groups = new PodGroups((namespace) => this.#placedIn(namespace));
  /** What placed pods say of their neighbours. */
  readonly terms = {
    affinity: new TermIndex(),
    antiAffinity: new TermIndex(),
    preferred: new TermIndex(),
    avoided: new TermIndex(),
  };
  readonly #nodes = new Map<string, NodeState>();
  readonly #registered = new Set<string>();
  readonly #placed = new Map<string, Placed>();
  readonly #byNamespace = new Map<string, Map<string, Placed>>();
  readonly #namespaces = new Map<string, Labels>();
  readonly #imageSpread = new Map<string, number>();
  readonly #claimUsers = new Map<string, Set<string>>();
  #order: readonly NodeState[] | undefined;

  /** All nodes, those of different zones in turn. */
  get nodes(): readonly NodeState[] {
    return (this.#order ??= inTurn([...this.#registered].map((name) => this.#named(name))));
  }

  node(name: string): NodeState | undefined {
    return this.#registered.has(name) ? this.#nodes.get(name) : undefined;
  }

  setNode(node: SchedulableNode): void {
    const { name } = node.metadata;
    const state = this.#nodes.get(name);
    this.#countImages(name, -1);
    if (state) state.update(node);
    else this.#nodes.set(name, new NodeState(node));
    this.#registered.add(name);
    this.#countImages(name, 1);
    this.#order = undefined;
  }

  removeNode(name: string): void {
    this.#countImages(name, -1);
    this.#registered.delete(name);
    if (this.#nodes.get(name)?.pods.size === 0) this.#nodes.delete(name);
    this.#order = undefined;
  }

  isPlaced(uid: string): boolean {
    return this.#placed.has(uid);
  }

  placed(uid: string): Placed | undefined {
    return this.#placed.get(uid);
  }

  /** Counts the pod on the node, in place of what was known of it. */
  place(info: PodInfo, nodeName: string): void {
    this.remove(info.uid);
    const node = this.#named(nodeName);
    const placed = { info, node };
    this.#placed.set(info.uid, placed);
    const siblings = this.#byNamespace.get(info.namespace) ?? new Map<string, Placed>();
    this.#byNamespace.set(info.namespace, siblings.set(info.uid, placed));
    node.add(info);
    this.#follow(info, nodeName, 1);
  }

  /** Frees what the pod took; true when it had been placed. */
  remove(uid: string): boolean {
    const placed = this.#placed.get(uid);
    if (!placed) return false;
    const { info, node } = placed;
    this.#placed.delete(uid);
    this.#byNamespace.get(info.namespace)?.delete(uid);
    node.remove(info);
    this.#follow(info, node.name, -1);
    if (node.pods.size === 0 && !this.#registered.has(node.name)) this.#nodes.delete(node.name);
    return true;
  }

  setNamespace(name: string, labels: Labels | undefined): void {
    if (labels) this.#namespaces.set(name, labels);
    else this.#namespaces.delete(name);
    this.groups.clear();
  }

  namespaceLabels = (name: string): Labels => this.#namespaces.get(name) ?? {};

  /** On how many nodes an image is. */
  nodesWithImage(image: string): number {
    return this.#imageSpread.get(image) ?? 0;
  }

  /** The pods, by uid, that use a claim (`namespace/name`). */
  claimUsers(claim: string): ReadonlySet<string> {
    return this.#claimUsers.get(claim) ?? new Set();
  }

  #named(name: string): NodeState {
    const known = this.#nodes.get(name);
    if (known) return known;
    // A pod may be bound to a node that is not there yet, or not any more.
    const absent = new NodeState({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} });
    this.#nodes.set(name, absent);
    return absent;
  }

  *#placedIn(namespace: string | undefined): Iterable<readonly [PodInfo, string]> {
    const pods = namespace === undefined ? this.#placed : this.#byNamespace.get(namespace);
    for (const { info, node } of pods?.values() ?? []) yield [info, node.name];
  }

  #follow(info: PodInfo, node: string, by: 1 | -1): void {
    this.groups.change(info, node, by);
    for (const claim of info.claims) this.#countUser(`${info.namespace}/${claim}`, info.uid, by);
    if (!info.terms) return;
    for (const kind of ['affinity', 'antiAffinity', 'preferred', 'avoided'] as const)
      this.terms[kind].change(info.terms[kind], node, by);
  }

  #countUser(claim: string, uid: string, by: 1 | -1): void {
    const users = this.#claimUsers.get(claim) ?? new Set();
    if (by === 1) users.add(uid);
    else users.delete(uid);
    if (users.size > 0) this.#claimUsers.set(claim, users);
    else this.#claimUsers.delete(claim);
  }

  #countImages(name: string, by: 1 | -1): void {
    if (!this.#registered.has(name)) return;
    for (const image of imagesOf(this.#named(name).node)) {
      this.#imageSpread.set(image, (this.#imageSpread.get(image) ?? 0) + by);
    }
  }
}

function imagesOf({ status }: SchedulableNode): string[] {
  return (status?.images ?? []).flatMap(({ names = [] }) => names);
}

/** One node of each zone after the other, so that looking at some of them only looks at all zones. */
function inTurn(nodes: readonly NodeState[]): NodeState[] {
  const zones = new Map<string, NodeState[]>();
  for (const node of nodes) {
    const zone = zoneLabels.map((label) => node.labels[label] ?? '').join('/');
    const members = zones.get(zone);
    if (members) members.push(node);
    else zones.set(zone, [node]);
  }
  const longest = Math.max(0, ...[...zones.values()].map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    [...zones.values()].flatMap((members) => members[turn] ?? []),
  ).flat();
}
