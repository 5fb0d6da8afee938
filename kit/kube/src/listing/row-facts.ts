import type { Facet } from '../facet.ts';
import type { KubeObject } from '../types.ts';
import type { Row } from '../view-api.ts';

/** What filters and sorts need beyond a row's own fields; small, and derived once per version of an object. */
export interface RowFacts {
  readonly owners: readonly { readonly uid: string; readonly kind: string }[];
  /** When the object was last seen to change, by its conditions or its managers; its creation when nothing says. */
  readonly updatedMs: number;
}

interface WithConditions {
  readonly conditions?: readonly { readonly lastUpdateTime?: string; readonly lastTransitionTime?: string }[];
}

function latest(object: KubeObject, createdMs: number): number {
  const { conditions } = (object.status ?? {}) as WithConditions; // cast: read only where it is a list, below
  if (!Array.isArray(conditions)) return createdMs;
  const list: NonNullable<WithConditions['conditions']> = conditions;
  const times = list.map(({ lastUpdateTime, lastTransitionTime }) =>
    Date.parse(lastUpdateTime ?? lastTransitionTime ?? ''),
  );
  return times.reduce((best, time) => (time > best ? time : best), createdMs);
}

/** The facts of an object. */
export const factsFacet: Facet<RowFacts> = {
  name: 'facts',
  of: (object) => ({
    owners: (object.metadata.ownerReferences ?? []).map(({ uid, kind }) => ({ uid, kind })),
    updatedMs: latest(object, Date.parse(object.metadata.creationTimestamp ?? '') || 0),
  }),
};

/** The facts of a row, parsed from its JSON at the first call. */
export function factsOf(row: Row): RowFacts {
  return row.value(factsFacet);
}
