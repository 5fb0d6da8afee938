import type { PodInfo } from './pod-info.ts';

/** Which pods have made room on which node and are to come there when it is free. */
export class Nominations {
  readonly #byNode = new Map<string, Map<string, PodInfo>>();
  readonly #nodeOf = new Map<string, string>();

  on = (node: string): Iterable<PodInfo> => this.#byNode.get(node)?.values() ?? [];

  set(info: PodInfo, node: string | undefined): void {
    this.remove(info.uid);
    if (!node) return;
    const pods = this.#byNode.get(node) ?? new Map<string, PodInfo>();
    this.#byNode.set(node, pods.set(info.uid, info));
    this.#nodeOf.set(info.uid, node);
  }

  /** The less important pods that are to come to the node: room made for them is no longer theirs. */
  below(priority: number, node: string): PodInfo[] {
    return [...this.on(node)].filter((info) => info.priority < priority);
  }

  remove(uid: string): void {
    const node = this.#nodeOf.get(uid);
    if (node === undefined) return;
    this.#nodeOf.delete(uid);
    const pods = this.#byNode.get(node);
    pods?.delete(uid);
    if (pods?.size === 0) this.#byNode.delete(node);
  }
}
