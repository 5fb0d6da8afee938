import type { WorkspaceQuota } from '../contract/index.ts';
import { formatAmount, parseAmount, type Amount, type Tally } from './amount.ts';
import { kindOfKey } from './object-usage.ts';
import { scopeNames } from './quota-scopes.ts';

/** The limits of a quota as amounts; what cannot be read limits nothing, and is refused before it is stored. */
export function hardOf({ spec }: Pick<WorkspaceQuota, 'spec'>): Map<string, Amount> {
  const read = Object.entries(spec.quota.hard ?? {}).map(([key, text]) => [key, parseAmount(text)] as const);
  return new Map(read.flatMap(([key, amount]) => (amount === undefined ? [] : [[key, amount] as const])));
}

/** One resource of which there is not enough. */
export interface Shortage {
  readonly resource: string;
  readonly asked: string;
  readonly used: string;
  readonly hard: string;
}

/** What is missing when `asked` comes on top of `used`; what asks for nothing more is never refused. */
export function shortages(hard: Tally, used: Tally, asked: Tally): Shortage[] {
  return [...asked].flatMap(([resource, amount]) => {
    const limit = hard.get(resource);
    const now = used.get(resource) ?? 0n;
    if (limit === undefined || amount <= 0n || now + amount <= limit) return [];
    const write = (value: Amount): string => formatAmount(resource, value);
    return [{ resource, asked: write(amount), used: write(now), hard: write(limit) }];
  });
}

/** The refusal as one sentence for whoever asked. */
export function shortageSentence(quota: string, found: readonly Shortage[]): string {
  const parts = found.map(
    ({ resource, asked, used, hard }) => `${resource}: ${asked} asked for, ${used} of ${hard} used`,
  );
  return `workspace quota "${quota}" does not allow it, over all projects of the workspace: ${parts.join('; ')}`;
}

/** What is wrong with a quota that somebody wants to set. */
export interface QuotaProblem {
  readonly field: string;
  readonly message: string;
}

/** Every field of a quota's limits and scopes that cannot be held to. */
export function quotaProblems({ hard = {}, scopes = [] }: WorkspaceQuota['spec']['quota']): QuotaProblem[] {
  const limits = Object.entries(hard).flatMap(([key, text]): QuotaProblem[] => {
    const field = `spec.quota.hard[${key}]`;
    const amount = parseAmount(text);
    if (!kindOfKey(key)) return [{ field, message: `"${key}" is not a resource that a quota can limit` }];
    if (amount === undefined) return [{ field, message: `"${text}" is not a quantity; write 4, 500m or 2Gi` }];
    return amount < 0n ? [{ field, message: 'a limit cannot be less than 0' }] : [];
  });
  const unknown = scopes.filter((scope) => !scopeNames.includes(scope));
  return [
    ...limits,
    ...unknown.map((scope) => ({
      field: 'spec.quota.scopes',
      message: `"${scope}" is not a scope; known are ${scopeNames.join(', ')}`,
    })),
  ];
}
