export type { Cache, Window } from './cache.ts';
export { memoryCache } from './memory-cache.ts';
export { openRedisCache } from './redis-cache.ts';
export type { RedisOptions } from './redis-cache.ts';
