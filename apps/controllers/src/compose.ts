import type { Clock, Logger, Part } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';
import { startControllers, type LeaderElection } from '@kit/reconcile';
import { featureControllers } from './features.ts';

export interface ControllersOptions {
  readonly kube: KubeClient;
  readonly views: Views;
  readonly log: Logger;
  readonly clock: Clock;
  /** Where several processes run the controllers; without it this one leads. */
  readonly leaderElection?: LeaderElection;
}

/** The controllers of all features as one part. */
export function composeControllers({ kube, views, log, clock, leaderElection }: ControllersOptions): Part {
  const controllers = featureControllers.flatMap((bind) => bind({ kube, views, log, clock }));
  return startControllers({
    client: kube,
    views,
    controllers,
    log,
    clock,
    ...(leaderElection ? { leaderElection } : {}),
  });
}
