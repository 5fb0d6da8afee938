import type { ClusterObject } from '../../../client.ts';

export type Quantities = Readonly<Record<string, string>>;

/** One entry of a LimitRange. */
export interface LimitItem {
  readonly type: string;
  readonly max?: Quantities;
  readonly min?: Quantities;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly maxLimitRequestRatio?: Quantities;
}

/** A LimitRange as far as it is read here; the schema has checked it. */
export interface LimitRange extends ClusterObject {
  readonly spec?: { readonly limits?: readonly LimitItem[] | null };
}
