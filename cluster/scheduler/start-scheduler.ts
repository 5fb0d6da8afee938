import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import { Scheduler } from './scheduler.ts';

export interface SchedulerOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Starts the scheduler: it gives every pod without a node the best node that can take it, or says why none can. */
export function startScheduler(options: SchedulerOptions): { stop(): Promise<void> } {
  const scheduler = new Scheduler({ ...options, client: options.client.as('system:kube-scheduler') });
  void scheduler.start();
  return scheduler;
}
