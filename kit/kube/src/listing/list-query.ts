import { ApiError } from '@kit/base';

/** Query parameters as a router gives them: a repeated one is a list. */
export type QueryValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A list request read off the query: which page, in what order, and every other parameter as a filter. */
export interface ListQuery {
  /** How many rows; `undefined` for all. */
  readonly limit: number | undefined;
  readonly offset: number;
  readonly sortBy: string;
  readonly ascending: boolean;
  readonly filters: ReadonlyMap<string, string>;
}

function lastOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.at(-1);
}

/** KubeSphere's clients send -1, or no number at all, when they want everything. */
function limitOf(text: string | undefined): number | undefined {
  const limit = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(limit) || limit === -1) return undefined;
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new ApiError('BadRequest', `limit: "${text}" is not a whole number of rows; use -1 or leave it out for all`);
  }
  return limit;
}

function pageOf(text: string | undefined): number {
  const page = text === undefined || text.trim() === '' ? 1 : Number(text);
  if (Number.isNaN(page)) return 1;
  if (!Number.isSafeInteger(page) || page < 1)
    throw new ApiError('BadRequest', `page: "${text}" is not a page; the first is 1`);
  return page;
}

/**
 * Reads `page`, `limit`, `sortBy` and `ascending` as KubeSphere 3.4 does; every other parameter is a filter. Without a
 * limit everything is one page, whatever page is asked for.
 */
export function listQuery(values: QueryValues): ListQuery {
  const { page, limit: limitText, sortBy, ascending, ...rest } = values;
  const limit = limitOf(lastOf(limitText));
  const filters = new Map<string, string>();
  for (const [name, value] of Object.entries(rest)) {
    const text = lastOf(value);
    if (text !== undefined) filters.set(name, text);
  }
  const pageNumber = pageOf(lastOf(page));
  return {
    limit,
    offset: limit === undefined ? 0 : (pageNumber - 1) * limit,
    sortBy: lastOf(sortBy) || 'creationTimestamp',
    ascending: lastOf(ascending) === 'true',
    filters,
  };
}
