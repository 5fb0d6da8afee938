import type { KubeObject } from './types.ts';

/** What lists filter, sort and count by. Never `undefined`: that is a value not derived yet. */
export type FacetValue = string | number | boolean | null | object;

/**
 * A value derived from an object: once, when it arrives, for views that declare it, and otherwise when it is first asked
 * for. Values are shared, so they must not be changed; few distinct ones should be the same objects.
 */
export interface Facet<V extends FacetValue = FacetValue> {
  readonly name: string;
  readonly of: (object: KubeObject) => V;
}

/** Which facets the rows of a view have values of, and where each stands. */
export class RowShape {
  readonly #slots = new Map<Facet, number>();

  /** Facets that rows made from now on derive at once, while their object is at hand. */
  get facets(): readonly Facet[] {
    return [...this.#slots.keys()];
  }

  slotOf(facet: Facet): number {
    const known = this.#slots.get(facet);
    if (known !== undefined) return known;
    this.#slots.set(facet, this.#slots.size);
    return this.#slots.size - 1;
  }

  valuesOf(object: KubeObject): FacetValue[] {
    return Array.from(this.#slots.keys(), (facet) => facet.of(object));
  }
}
