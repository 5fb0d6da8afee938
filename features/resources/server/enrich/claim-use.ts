import { kinds, type View, type Views } from '@kit/kube';
import { claimsFacet } from '../lists/kind-filters.ts';

/** Which claims are mounted by pods, kept current by every change of a pod. */
export class ClaimUse {
  readonly #views: Views;
  readonly #uses = new Map<string, number>();
  #pods: View | undefined;

  constructor(views: Views) {
    this.#views = views;
  }

  /** Whether any pod of the namespace mounts the claim. The first call starts to follow the pods. */
  isUsed(namespace: string, claim: string): boolean {
    this.follow();
    return this.#uses.has(`${namespace}/${claim}`);
  }

  follow(): void {
    if (this.#pods) return;
    const pods = this.#views.of(kinds.pods);
    this.#pods = pods;
    pods.declare([claimsFacet]);
    for (const row of pods.rows()) this.#count(row.namespace, row.value(claimsFacet), 1);
    pods.subscribe(({ type, row, previous }) => {
      if (previous) this.#count(previous.namespace, previous.value(claimsFacet), -1);
      if (type !== 'deleted') this.#count(row.namespace, row.value(claimsFacet), 1);
    });
  }

  #count(namespace: string, claims: readonly string[], by: 1 | -1): void {
    for (const claim of claims) {
      const key = `${namespace}/${claim}`;
      const uses = (this.#uses.get(key) ?? 0) + by;
      if (uses > 0) this.#uses.set(key, uses);
      else this.#uses.delete(key);
    }
  }
}
