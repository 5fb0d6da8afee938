import { ApiError } from '@kit/base';

/** A list request of resources v1alpha2, in the words of v1alpha3. */
export interface LegacyQuery {
  readonly filters: ReadonlyMap<string, string>;
  readonly limit: number;
  readonly offset: number;
  readonly sortBy: string;
  readonly ascending: boolean;
}

/** v1alpha2's names of what v1alpha3 filters by; `=` wants all of it and `~` a part. */
const exact: Readonly<Record<string, string>> = { name: 'names', keyword: 'names', label: 'labelSelector' };
const fuzzy: Readonly<Record<string, string>> = {
  name: 'name',
  keyword: 'name',
  displayName: 'alias',
  label: 'labelSelector',
};
const sorts: Readonly<Record<string, string>> = {
  '': 'createTime',
  name: 'name',
  createTime: 'createTime',
  startTime: 'createTime',
  updateTime: 'updateTime',
};

const clause = /^\s*([\w.-]+)\s*([=~])\s*(.*?)\s*$/;

/** `key=value` and `key~part`, joined with commas; `||` joins values of which one is enough. */
function filtersIn(conditions: string): Map<string, string> {
  const filters = new Map<string, string>();
  for (const text of conditions.split(',').filter((part) => part.trim() !== '')) {
    const [, key = '', operator, value = ''] = clause.exec(text) ?? [];
    if (key === '') throw new ApiError('BadRequest', `conditions: cannot read "${text}"; write key=value or key~part`);
    const name = (operator === '~' ? fuzzy : exact)[key] ?? key;
    filters.set(name, value.replaceAll('||', ','));
  }
  return filters;
}

function numberIn(paging: string, name: string, otherwise: number): number {
  const text = new RegExp(`(?:^|,)\\s*${name}=([^,]*)`).exec(paging)?.[1];
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= -1) return number;
  throw new ApiError('BadRequest', `paging: "${text}" is no number for ${name}; write limit=10,page=1`);
}

/** Reads `conditions`, `paging`, `orderBy` and `reverse` as v1alpha2 has them: pages of ten, oldest first, unless asked. */
export function legacyQuery(values: Readonly<Record<string, string>>): LegacyQuery & { limit: number } {
  const { conditions = '', paging = '', orderBy = '', reverse = '' } = values;
  const asked = numberIn(paging, 'limit', 10);
  const limit = asked === -1 ? Number.MAX_SAFE_INTEGER : asked;
  const page = Math.max(1, numberIn(paging, 'page', 1));
  return {
    filters: filtersIn(conditions),
    limit,
    offset: asked === -1 ? 0 : (page - 1) * limit,
    sortBy: sorts[orderBy] ?? orderBy,
    ascending: reverse !== 'true',
  };
}
