import type { Permission } from '@kit/ui';
import type { Kind } from './kinds.ts';

/** The right to do something with objects of a kind. */
export function right(verb: string, { group, plural }: Kind, subresource?: string): Permission {
  return { verb, group, resource: plural, ...(subresource ? { subresource } : {}) };
}
