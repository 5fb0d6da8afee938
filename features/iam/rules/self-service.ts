import type { Attributes } from '../contract/index.ts';
import { iamGroup } from '../contract/index.ts';

/** What every signed-in user may do without any role, and why that is safe. */
export interface SelfServiceRule {
  readonly why: string;
  readonly allows: (userName: string, wanted: Attributes) => boolean;
}

const reads = new Set(['get', 'list', 'watch']);
const ownVerbs = new Set(['get', 'list', 'watch', 'update', 'patch']);
const memberResources = new Set(['clustermembers', 'workspacemembers', 'members']);
const discovery = /^\/(api|apis|version|openapi)(\/|$)/;

const isOwn = (userName: string, { group, name, isResource, isKubernetes }: Attributes): boolean =>
  isResource && !isKubernetes && group === iamGroup && name !== '' && name === userName;

export const selfServiceRules: readonly SelfServiceRule[] = [
  {
    why: 'a user keeps their own account: the handlers let them change no role, state or group',
    allows: (userName, wanted) => wanted.resource === 'users' && ownVerbs.has(wanted.verb) && isOwn(userName, wanted),
  },
  {
    why: 'a user may read their own membership, which tells them nothing of others',
    allows: (userName, wanted) =>
      memberResources.has(wanted.resource) && reads.has(wanted.verb) && isOwn(userName, wanted),
  },
  {
    why: 'discovery says which kinds there are, never which objects',
    allows: (_userName, { isResource, verb, path }) => !isResource && verb === 'get' && discovery.test(path),
  },
];
