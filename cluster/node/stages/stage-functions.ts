import type { ClusterObject } from '../../client.ts';
import type { AddressPool } from '../address-pool.ts';
import type { StageSurroundings } from './template/render-yaml.ts';

/** What templates and agents read of pods; the rest of an object is theirs to name. */
export function placeOf({ spec, status }: ClusterObject): {
  readonly node: string;
  readonly podIP: string | undefined;
} {
  const { nodeName = '' } = (spec ?? {}) as { nodeName?: string }; // the API server has checked it
  const { podIP } = (status ?? {}) as { podIP?: string }; // as above
  return { node: nodeName, podIP };
}

/** A node as stages need it. */
export interface StagedNode {
  readonly name: string;
  readonly hostIP: string;
  readonly addresses: AddressPool;
}

/**
 * What templates ask of their surroundings: the time, and addresses. A pod keeps the address it was given once, for as
 * long as it lives.
 */
export class StageFunctions implements StageSurroundings {
  readonly now: () => string;
  readonly #nodes: ReadonlyMap<string, StagedNode>;
  readonly #given = new Map<string, { readonly node: StagedNode; readonly ip: string }>();
  #current: ClusterObject | undefined;

  constructor(nodes: ReadonlyMap<string, StagedNode>, now: () => number) {
    this.#nodes = nodes;
    this.now = () => new Date(now()).toISOString();
  }

  /** Runs a template about this object: it makes its text before anything else happens. */
  about<T>(object: ClusterObject, run: () => T): T {
    this.#current = object;
    return run();
  }

  /** Gives back the address of a pod that is gone. */
  release(pod: ClusterObject): void {
    const uid = pod.metadata.uid ?? '';
    const { podIP } = placeOf(pod);
    const given = this.#given.get(uid);
    this.#given.delete(uid);
    given?.node.addresses.release(given.ip, uid);
    if (!given && podIP !== undefined) for (const { addresses } of this.#nodes.values()) addresses.release(podIP, uid);
  }

  readonly functions: StageSurroundings['functions'] = {
    NodeIP: () => this.#node()?.hostIP ?? '',
    NodeName: () => this.#node()?.name ?? '',
    NodePort: () => 10250,
    PodIP: () => this.#podIP(this.#node()?.name, this.#current?.metadata.uid ?? ''),
    NodeIPWith: (name: string) => this.#nodes.get(name)?.hostIP ?? '',
    NodeIPsWith: (name: string) => [this.#nodes.get(name)?.hostIP ?? ''].filter(Boolean),
    PodIPWith: (node: string, host: boolean, uid: string) => this.#address(node, host, uid),
    PodIPsWith: (node: string, host: boolean, uid: string) => [this.#address(node, host, uid)].filter(Boolean),
  };

  #node(): StagedNode | undefined {
    const current = this.#current;
    if (!current) return undefined;
    return this.#nodes.get(current.kind === 'Node' ? current.metadata.name : placeOf(current).node);
  }

  #address(node: string, isHost: boolean, uid: string): string {
    return isHost ? (this.#nodes.get(node)?.hostIP ?? '') : this.#podIP(node, uid);
  }

  #podIP(name: string | undefined, uid: string): string {
    const known = this.#given.get(uid);
    if (known) return known.ip;
    const node = this.#nodes.get(name ?? '');
    if (!node) return '';
    const before = this.#current?.metadata.uid === uid ? placeOf(this.#current).podIP : undefined;
    const ip = node.addresses.take(uid, before);
    this.#given.set(uid, { node, ip });
    return ip;
  }
}
