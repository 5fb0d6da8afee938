import type { Attributes } from './access.ts';

/** A request's method and path, read: the attributes that decide, and which API was meant. */
export interface RequestInfo extends Attributes {
  readonly prefix: '' | 'api' | 'apis' | 'kapi' | 'kapis';
}
