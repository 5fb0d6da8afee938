export { labelSelector } from './label-selector.ts';
export { listQuery } from './list-query.ts';
export type { ListQuery, QueryValues } from './list-query.ts';
export { generalFilters, generalSorts, listRows, listView, pageBytes } from './list-rows.ts';
export type { Filter, ListRules, RowPage } from './list-rows.ts';
export type { SortKey } from '../view-api.ts';
export { factsOf } from './row-facts.ts';
export type { RowFacts } from './row-facts.ts';
export { firstInOrder } from './top.ts';
