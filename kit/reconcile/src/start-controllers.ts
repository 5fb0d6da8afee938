import { setMaxListeners } from 'node:events';
import { silentLogger, systemClock } from '@kit/base';
import type { Clock, Logger, Part } from '@kit/base';
import type { KubeClient, Views } from '@kit/kube';
import type { BoundController } from './controller.ts';
import { runController } from './controller-runner.ts';
import { lead } from './leader-election.ts';
import type { LeaderElection } from './leader-election.ts';

export interface ControllersOptions {
  readonly client: KubeClient;
  readonly views: Views;
  readonly controllers: readonly BoundController[];
  readonly log?: Logger;
  readonly clock?: Clock;
  /** Where several processes run the same controllers; without it, this one always does. */
  readonly leaderElection?: LeaderElection;
}

/**
 * The controllers as one part. Its start waits for nothing: each controller begins when its kinds are there and, with an
 * election, while this process leads. Its stop ends running work and gives the lease back.
 */
export function startControllers(options: ControllersOptions): Part {
  const { client, views, controllers, log = silentLogger, clock = systemClock, leaderElection: election } = options;
  const stop = new AbortController();
  let running: Promise<unknown> | undefined;
  const run = async (signal: AbortSignal): Promise<void> => {
    setMaxListeners(0, signal); // every controller, and every view it waits for, listens: meant, and no leak
    await Promise.all(controllers.map((one) => runController(one, { client, views, log, clock }, signal)));
  };
  return {
    name: 'controllers',
    start() {
      running ??= election ? lead({ client, election, log, clock, run }, stop.signal) : run(stop.signal);
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}
