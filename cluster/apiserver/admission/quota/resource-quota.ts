import type { ClusterObject } from '../../../client.ts';
import { keyOf, readObject, writeObject } from '../../store/stored-object.ts';
import type { KindInfo } from '../../kinds/kind-info.ts';
import type { Storage } from '../../storage/storage.ts';
import { resourceKey } from '../../storage/version.ts';
import type { Version } from '../../storage/version.ts';
import type { AdmissionRequest, AdmissionStep } from '../../store/write-request.ts';
import { denied, isCore } from '../denied.ts';
import type { Amount } from '@kit/base/amount';
import { objectUsage, resourcesOf } from './object-usage.ts';
import { unspecified } from './pod-usage.ts';
import { isInScope } from './quota-scopes.ts';
import type { ScopedQuota } from './quota-scopes.ts';
import { difference, listText, mask, readList, sum, writeList } from './resource-list.ts';
import type { ResourceList } from './resource-list.ts';

/** A ResourceQuota as far as it is read here; the schema has checked it. */
export interface Quota extends ClusterObject {
  readonly spec?: ScopedQuota & { readonly hard?: Readonly<Record<string, string>> };
  status?: { readonly hard?: Readonly<Record<string, string>>; used?: Readonly<Record<string, string>> };
}

const quotas = resourceKey('', 'resourcequotas');

/** Creations of every kind count, changes only where they can ask for more. */
function counts(request: AdmissionRequest): boolean {
  const { operation, target } = request;
  if (!target.namespace) return false;
  if (target.subresource) return operation === 'UPDATE' && target.subresource === 'resize' && isCore(request, 'pods');
  if (operation === 'CREATE') return true;
  return operation === 'UPDATE' && (isCore(request, 'services') || isCore(request, 'persistentvolumeclaims'));
}

/** What the write takes on top of what the object had: never less than nothing. */
function addedUsage({ target, object, old }: AdmissionRequest, nowMs: number): ResourceList {
  const usage = objectUsage(target.kind, object, nowMs);
  const added = old ? difference(usage, objectUsage(target.kind, old, nowMs)) : usage;
  return Object.fromEntries(Object.entries(added).filter(([, { nanos }]) => nanos > 0n));
}

interface Counted {
  readonly version: Version;
  readonly quota: Quota;
  readonly names: readonly string[];
  readonly used: ResourceList;
}

function checkKnown(request: AdmissionRequest, { quota, names, used }: Counted): void {
  const { name } = quota.metadata;
  const missing = isCore(request, 'pods') ? unspecified(request.object, names) : undefined;
  if (missing) throw denied(request, `failed quota: ${name}: ${missing}`);
  if (names.every((resource) => used[resource])) return;
  throw denied(request, `status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}`);
}

/** What the quota has granted with this write, or nothing when it counts none of it. */
function checkFits(request: AdmissionRequest, { quota, used }: Counted, added: ResourceList): ResourceList | undefined {
  const hard = readList(quota.status?.hard);
  const requested = mask(added, Object.keys(hard));
  if (Object.keys(requested).length === 0) return undefined;
  const total = mask(sum(used, requested), Object.keys(requested));
  const over = (name: string, amount: Amount): boolean => amount.nanos > (hard[name]?.nanos ?? 0n);
  const exceeded = Object.entries(total).flatMap(([name, amount]) => (over(name, amount) ? [name] : []));
  if (exceeded.length === 0) return sum(used, requested);
  const part = (list: ResourceList): string => listText(mask(list, exceeded));
  const why = `requested: ${part(requested)}, used: ${part(used)}, limited: ${part(hard)}`;
  throw denied(request, `exceeded quota: ${quota.metadata.name}, ${why}`);
}

/**
 * Nothing is created that would use more than a quota of its namespace allows. What is granted is noted in the quota in
 * the same breath: the next write, which may be waiting for the same commit, is measured against it. A write that fails
 * after all leaves the note too high; the quota controller sets it right.
 */
export function resourceQuota(deps: {
  readonly storage: Storage;
  readonly quotaKind: KindInfo;
  now(): number;
}): AdmissionStep {
  const { storage, quotaKind } = deps;

  const counted = (request: AdmissionRequest): Counted[] =>
    storage.list(quotas, { namespace: request.target.namespace }).flatMap(({ key }) => {
      const version = storage.newest(key); // the latest grant may still be on its way to disk
      if (!version) return [];
      const quota: Quota = readObject(quotaKind, version);
      const names = resourcesOf(request.target.kind, Object.keys(quota.status?.hard ?? {}));
      if (names.length === 0 || !isInScope(quota.spec ?? {}, request.target.kind, request.object)) return [];
      return [{ version, quota, names, used: readList(quota.status?.used) }];
    });

  const note = ({ version, quota }: Counted, used: ResourceList): void => {
    const { metadata, status } = quota;
    const next = { ...quota, status: { ...status, used: writeList(used) } };
    const key = keyOf(quotaKind, metadata.namespace ?? '', metadata.name);
    // When the commit fails, the object that was granted is not stored either, and its writer hears of it.
    storage.put(key, version, (revision) => writeObject(quotaKind, next, revision)).catch(() => undefined);
  };

  const validate = (request: AdmissionRequest): void => {
    if (!counts(request)) return;
    const found = counted(request);
    if (found.length === 0) return;
    for (const one of found) checkKnown(request, one);
    const added = addedUsage(request, deps.now());
    if (Object.keys(added).length === 0) return;
    const granted = found.map((one) => [one, checkFits(request, one, added)] as const);
    if (!request.dryRun) for (const [one, used] of granted) if (used) note(one, used);
  };
  return { validate };
}
