import { useEffect, useState } from 'react';
import type { Cause } from '../../rules/cause.ts';
import { causeOfPod } from '../../rules/cause-of-pod.ts';
import { causesOfDeployment } from '../../rules/cause-of-failure.ts';
import type { ClusterEvent, Pod } from '../../rules/workload-types.ts';
import type { DeploymentFamily } from '../api/use-deployment.ts';

const minuteMs = 60_000;

/** The time, anew every minute: enough to tell the last hour by. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), minuteMs);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** Why a deployment is not as wanted, as of now. */
export function useCauses({ object, pods, events }: DeploymentFamily): readonly Cause[] {
  const nowMs = useNow();
  return object ? causesOfDeployment({ deployment: object, pods, events, nowMs }) : [];
}

/** Why a pod does not serve, as of now. */
export function usePodCause(pod: Pod | undefined, events: readonly ClusterEvent[]): Cause | undefined {
  const nowMs = useNow();
  return pod && causeOfPod({ pod, events, nowMs });
}
