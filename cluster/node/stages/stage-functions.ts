import type { ClusterObject } from '../../client.ts';
import type { AddressPool } from '../address-pool.ts';
import type { StageSurroundings } from './template/render-yaml.ts';

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
  release({ metadata, status }: ClusterObject): void {
    const uid = metadata.uid ?? '';
    const given = this.#given.get(uid);
    this.#given.delete(uid);
    given?.node.addresses.release(given.ip, uid);
    if (!given && typeof status?.podIP === 'string')
      for (const { addresses } of this.#nodes.values()) addresses.release(status.podIP, uid);
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
    const name: unknown = current?.kind === 'Node' ? current.metadata.name : current?.spec?.nodeName;
    return typeof name === 'string' ? this.#nodes.get(name) : undefined;
  }

  #address(node: string, isHost: boolean, uid: string): string {
    return isHost ? (this.#nodes.get(node)?.hostIP ?? '') : this.#podIP(node, uid);
  }

  #podIP(name: string | undefined, uid: string): string {
    const known = this.#given.get(uid);
    if (known) return known.ip;
    const node = this.#nodes.get(name ?? '');
    if (!node) return '';
    const before: unknown = this.#current?.metadata.uid === uid ? this.#current.status?.podIP : undefined;
    const ip = node.addresses.take(uid, typeof before === 'string' ? before : undefined);
    this.#given.set(uid, { node, ip });
    return ip;
  }
}
