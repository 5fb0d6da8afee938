import { ApiError, type Clock } from '@kit/base';
import type { NodeRuntime } from '../node-runtime.ts';
import type { Informer } from '../reconcile/informer.ts';
import type { Pod } from '../reconcile/pod.ts';
import { readLog } from './log-reader.ts';

export interface SimulatedRuntimeOptions {
  readonly clock: Clock;
  readonly pods: Informer<Pod>;
}

const refused = (what: string): Promise<never> =>
  Promise.reject(new ApiError('BadRequest', `${what} is not possible here: the pod runs on a simulated node`));

/** What the API server asks of simulated nodes. */
export function simulatedRuntime(options: SimulatedRuntimeOptions): NodeRuntime {
  return {
    logs: (pod, wanted) => readLog(options, pod, wanted),
    exec: () => refused('exec'),
    attach: () => refused('attach'),
    portForward: () => refused('portforward'),
    dial: () => refused('proxy'),
    stats: () => Promise.resolve([]),
    nodeApi: () => refused('proxy'),
  };
}
