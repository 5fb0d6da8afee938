import type { TenancySettings } from '../contract/index.ts';
import { formatAmount, type Tally } from './amount.ts';

/** What would be promised too often: the resource, all promises together and the bound. */
export interface Overcommitted {
  readonly resource: string;
  readonly promised: string;
  readonly bound: string;
}

/** The promises of all workspace quotas together against what the nodes have, times the ratio that is set. */
export function overcommitted({ overcommit = {} }: TenancySettings, promised: Tally, capacity: Tally): Overcommitted[] {
  return (['cpu', 'memory'] as const).flatMap((name) => {
    const ratio = overcommit[name];
    const have = capacity.get(name);
    if (ratio === undefined || have === undefined) return [];
    const bound = (have * BigInt(Math.round(ratio * 1000))) / 1000n;
    return [`requests.${name}`, `limits.${name}`].flatMap((resource) => {
      const sum = promised.get(resource) ?? 0n;
      if (sum <= bound) return [];
      return [{ resource, promised: formatAmount(resource, sum), bound: formatAmount(resource, bound) }];
    });
  });
}
