import type { Difference } from './differences.ts';

/** A kind of probe that is answered differently, on purpose or not yet alike. */
export interface AllowedDifference {
  readonly why: string;
  /** Matches the whole name of a probe. */
  readonly probes: RegExp;
  /** In nothing but these. */
  readonly parts: readonly string[];
}

/** True for a difference that the list knows. */
export function isAllowed({ probe, parts }: Difference): boolean {
  return allowedDifferences.some(
    (allowed) => allowed.probes.test(probe) && parts.every((part) => allowed.parts.includes(part)),
  );
}

export const allowedDifferences: readonly AllowedDifference[] = [];
