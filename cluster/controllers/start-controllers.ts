import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import type { Controller, ControllerContext, MakeController } from '../reconcile/controller.ts';
import { EventRecorder } from '../reconcile/event-recorder.ts';
import { InformerSet } from '../reconcile/informer-set.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation-controller.ts';
import { daemonSetController } from './daemonset/daemonset-controller.ts';
import { definitionController } from './definitions/definition-controller.ts';
import { deploymentController } from './deployment/deployment-controller.ts';
import { endpointsController } from './endpoints/endpoints-controller.ts';
import { eventTtlController } from './event-ttl-controller.ts';
import { garbageCollector } from './garbage/garbage-collector.ts';
import { jobController } from './job/job-controller.ts';
import { namespaceController } from './namespace/namespace-controller.ts';
import { nodeLifecycleController } from './node-lifecycle-controller.ts';
import { podGarbageController } from './pod-garbage-controller.ts';
import { replicaSetController } from './replicaset/replicaset-controller.ts';
import { rootCaController, serviceAccountController } from './service-account-controller.ts';
import { statefulSetController } from './statefulset/statefulset-controller.ts';

export interface ControllersOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Published to every namespace as `kube-root-ca.crt`; absent: not published. */
  readonly caPem?: string;
}

const always: readonly MakeController[] = [
  namespaceController,
  definitionController,
  serviceAccountController,
  clusterRoleAggregationController,
  deploymentController,
  replicaSetController,
  statefulSetController,
  daemonSetController,
  jobController,
  endpointsController,
  nodeLifecycleController,
  podGarbageController,
  eventTtlController,
  garbageCollector,
];

/** Starts all controllers; they work from the first list of their kinds on, without anybody waiting for it. */
export function startControllers({ clock, log, caPem, ...options }: ControllersOptions): { stop(): Promise<void> } {
  const client = options.client.as('system:kube-controller-manager', ['system:masters']);
  const informers = new InformerSet({ client, clock, log });
  const recorders: EventRecorder[] = [];
  const recorder = (component: string): EventRecorder => {
    const made = new EventRecorder({ client, clock, log, component });
    recorders.push(made);
    return made;
  };
  const context: ControllerContext = { client, clock, log, informers, recorder };
  const makers = caPem ? [...always, rootCaController(caPem)] : always;
  const controllers: Controller[] = makers.map((make) => make(context));
  let stopped = false;
  void informers.start().then(() => {
    if (!stopped) for (const controller of controllers) controller.start();
  });
  return {
    stop: async () => {
      stopped = true;
      informers.stop();
      await Promise.all(controllers.map((controller) => controller.stop()));
      await Promise.all(recorders.map((one) => one.flush()));
    },
  };
}
