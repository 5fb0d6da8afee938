import type { ClusterClient, ClusterObject } from '../../client.ts';
import { kindBehind, objectUsage, resourcesOf } from '../../apiserver/admission/quota/object-usage.ts';
import type { CountedKind } from '../../apiserver/admission/quota/object-usage.ts';
import { whole } from '@kit/base/amount';
import { isInScope } from '../../apiserver/admission/quota/quota-scopes.ts';
import type { ScopedQuota } from '../../apiserver/admission/quota/quota-scopes.ts';
import { mask, sum } from '../../apiserver/admission/quota/resource-list.ts';
import type { ResourceList } from '../../apiserver/admission/quota/resource-list.ts';

/** A ResourceQuota as far as its controller reads it. */
export interface Quota extends ClusterObject {
  readonly spec?: ScopedQuota & { readonly hard?: Readonly<Record<string, string>> };
  status?: { readonly hard?: Readonly<Record<string, string>>; readonly used?: Readonly<Record<string, string>> };
}

/** The kinds whose objects a quota counts. */
export function countedKinds({ spec }: Quota): CountedKind[] {
  const kinds = Object.keys(spec?.hard ?? {}).flatMap((name) => kindBehind(name) ?? []);
  const byName = new Map(kinds.map((kind) => [`${kind.group}/${kind.resource}`, kind]));
  return [...byName.values()];
}

/** What the objects of the quota's namespace use of what it limits, as the API server has them now. */
export async function usageNow(
  client: ClusterClient,
  quota: Quota,
  at: { readonly served: (kind: CountedKind) => boolean; readonly nowMs: number },
): Promise<ResourceList> {
  const names = Object.keys(quota.spec?.hard ?? {});
  let used: ResourceList = {};
  for (const kind of countedKinds(quota).filter(at.served)) {
    const own = resourcesOf(kind, names);
    const zero = Object.fromEntries(own.map((name) => [name, whole(0)]));
    const { items } = await client.list(kind, { namespace: quota.metadata.namespace });
    const counted = items.filter((object) => isInScope(quota.spec ?? {}, kind, object));
    used = sum(used, zero, ...counted.map((object) => mask(objectUsage(kind, object, at.nowMs), own)));
  }
  return used;
}
