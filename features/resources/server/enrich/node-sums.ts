import { kinds, type Facet, type View, type Views } from '@kit/kube';
import { minus, noSums, plus, podSums, type PodSums, type PodWithResources } from '../../rules/pod-sums.ts';

/** What a pod takes, and of which node; '' of none yet. */
export interface NodeShare {
  readonly node: string;
  readonly sums: PodSums;
}

/** What a pod takes of its node. */
export const shareFacet: Facet<NodeShare> = {
  name: 'node share',
  of: (object) => {
    const pod = object as PodWithResources & { spec?: { nodeName?: string } }; // cast: only pods have this facet
    return { node: pod.spec?.nodeName ?? '', sums: podSums(pod) };
  },
};

/** What the pods of each node ask for together, kept current by every change of a pod. */
export class NodeSums {
  readonly #views: Views;
  readonly #sums = new Map<string, PodSums>();
  #pods: View | undefined;

  constructor(views: Views) {
    this.#views = views;
  }

  /** Of one node. The first call starts to follow the pods: wait for their view before. */
  of(node: string): PodSums {
    this.follow();
    return this.#sums.get(node) ?? noSums;
  }

  follow(): void {
    if (this.#pods) return;
    const pods = this.#views.of(kinds.pods);
    this.#pods = pods;
    pods.declare([shareFacet]);
    for (const row of pods.rows()) this.#add(row.value(shareFacet), plus);
    pods.subscribe(({ type, row, previous }) => {
      if (previous) this.#add(previous.value(shareFacet), minus);
      if (type !== 'deleted') this.#add(row.value(shareFacet), plus);
    });
  }

  #add({ node, sums }: NodeShare, combine: typeof plus): void {
    if (node === '' || sums === noSums) return;
    this.#sums.set(node, combine(this.#sums.get(node) ?? noSums, sums));
  }
}
