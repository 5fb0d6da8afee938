import { systemNamespace } from '@feature/iam/contract';
import { ApiError, type Clock } from '@kit/base';
import { kinds, type KubeClient, type KubeObject } from '@kit/kube';

/** The lease by which one of several processes leads. */
export const leaderLease = { namespace: systemNamespace, name: 'freehold-controllers' } as const;

interface Lease extends KubeObject {
  spec?: { holderIdentity?: string; leaseDurationSeconds?: number; renewTime?: string };
}

/** Throws `Conflict` while some process renews the lease. */
export async function refuseWhileLed(kube: KubeClient, clock: Clock): Promise<void> {
  const lease = await kube.find<Lease>(kinds.leases, leaderLease);
  const { holderIdentity, leaseDurationSeconds = 15, renewTime } = lease?.spec ?? {};
  if (!holderIdentity || !renewTime) return;
  if (Date.parse(renewTime) + leaseDurationSeconds * 1000 < clock.now()) return;
  throw new ApiError(
    'Conflict',
    `Freehold is running on this cluster (${holderIdentity}); stop it first, and try again in ${leaseDurationSeconds} s`,
  );
}
