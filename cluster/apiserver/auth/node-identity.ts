import type { Caller } from '../store/write-request.ts';

const userPrefix = 'system:node:';

/** The node a caller is the agent of; undefined for everybody else. */
export function nodeOf({ name, groups }: Caller): string | undefined {
  if (!name.startsWith(userPrefix) || !groups.includes('system:nodes')) return undefined;
  return name.slice(userPrefix.length);
}
