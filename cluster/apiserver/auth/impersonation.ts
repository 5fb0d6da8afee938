import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, forbidden } from '../store/api-errors.ts';
import type { Caller } from '../store/write-request.ts';
import { refusal } from './attributes.ts';
import type { Authorizer, ResourceAttributes } from './attributes.ts';

const extraPrefix = 'impersonate-extra-';
const account = /^system:serviceaccount:([^:]+):([^:]+)$/;

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  const entries = Object.entries(headers).filter(([name]) => name.startsWith(extraPrefix));
  return Object.fromEntries(
    entries.map(([name, value]) => [decodeURIComponent(name.slice(extraPrefix.length)), splitValues(value)]),
  );
}

// Node joins repeated headers it does not know with a comma.
const splitValues = (value: string | string[] | undefined): string[] =>
  [value ?? []].flat().flatMap((text) => text.split(',').map((item) => item.trim()));

interface Wanted {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

function wantedOf(headers: IncomingHttpHeaders): Wanted | undefined {
  const user = headers['impersonate-user'];
  const uid = headers['impersonate-uid'];
  const groups = headers['impersonate-group'] === undefined ? [] : splitValues(headers['impersonate-group']);
  const extra = extraOf(headers);
  if (typeof user === 'string') return { user, uid: typeof uid === 'string' ? uid : undefined, groups, extra };
  if (uid !== undefined || groups.length > 0 || Object.keys(extra).length > 0) {
    throw badRequest('impersonating a group, uid or extra needs Impersonate-User as well');
  }
  return undefined;
}

function* rightsFor({ user, uid, groups, extra }: Wanted): Iterable<ResourceAttributes> {
  const base = { verb: 'impersonate', group: '', subresource: '', namespace: '' };
  const [, namespace, name] = account.exec(user) ?? [];
  if (namespace && name) yield { ...base, resource: 'serviceaccounts', namespace, name };
  else yield { ...base, resource: 'users', name: user };
  const authentication = { ...base, group: 'authentication.k8s.io' };
  for (const group of groups) yield { ...base, resource: 'groups', name: group };
  if (uid) yield { ...authentication, resource: 'uids', name: uid };
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) yield { ...authentication, resource: 'userextras', subresource: key, name: value };
  }
}

function groupsOf({ user, groups }: Wanted): readonly string[] {
  if (user === 'system:anonymous') return groups.length > 0 ? groups : ['system:unauthenticated'];
  const [, namespace] = account.exec(user) ?? [];
  const own =
    namespace && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : groups;
  return own.includes('system:authenticated') ? own : [...own, 'system:authenticated'];
}

/** The caller a request asks to act as, if it does and may. Throws `Forbidden` for the first part that it may not. */
export function impersonated(caller: Caller, headers: IncomingHttpHeaders, authorizer: Authorizer): Caller {
  const wanted = wantedOf(headers);
  if (!wanted) return caller;
  for (const attributes of rightsFor(wanted)) {
    if (authorizer.decide(caller, attributes).allowed) continue;
    const kind = { group: attributes.group, resource: attributes.resource, kind: '' };
    throw forbidden(kind, attributes.name, refusal(caller, attributes));
  }
  return { name: wanted.user, uid: wanted.uid, groups: groupsOf(wanted), extra: wanted.extra };
}
