import type { Labels } from './label-matcher.ts';
import type { CompiledTerm, PodInfo } from './pod-info.ts';
import { add } from './pod-groups.ts';

interface Entry {
  readonly term: CompiledTerm;
  /** The weight that the pods of each node give to the term together. */
  readonly perNode: Map<string, number>;
}

/** Does the term speak of this pod? */
export function termMatches(term: CompiledTerm, pod: PodInfo, namespaceLabels: (name: string) => Labels): boolean {
  const inNamespace = term.namespaces.has(pod.namespace) || term.namespaceMatches?.(namespaceLabels(pod.namespace));
  return inNamespace === true && term.matches(pod.labels);
}

/** The affinity terms of placed pods: what many pods of one workload say is kept once, with how many of them say it. */
export class TermIndex {
  readonly #entries = new Map<string, Entry>();

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  change(terms: readonly CompiledTerm[], node: string, by: 1 | -1): void {
    for (const term of terms) {
      const entry = this.#entries.get(term.key) ?? { term, perNode: new Map<string, number>() };
      add(entry.perNode, node, by * term.weight);
      if (entry.perNode.size === 0) this.#entries.delete(term.key);
      else this.#entries.set(term.key, entry);
    }
  }

  /** The terms that speak of this pod. */
  about(pod: PodInfo, namespaceLabels: (name: string) => Labels): Entry[] {
    if (this.isEmpty) return [];
    return [...this.#entries.values()].filter(({ term }) => termMatches(term, pod, namespaceLabels));
  }
}
