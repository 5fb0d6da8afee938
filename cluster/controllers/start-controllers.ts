import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../client.ts';
import type { SignCertificate } from '../apiserver/auth/certificate-signer.ts';
import type { Controller, ControllerContext, MakeController } from '../reconcile/controller.ts';
import { asController } from '../reconcile/controller-account.ts';
import { EventRecorder } from '../reconcile/event-recorder.ts';
import { InformerSet } from '../reconcile/informer-set.ts';
import { autoscalerController } from './autoscaler/autoscaler-controller.ts';
import { certificateSigningController } from './certificates/signing-controller.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation-controller.ts';
import { cronJobController } from './cronjob/cronjob-controller.ts';
import { daemonSetController } from './daemonset/daemonset-controller.ts';
import { definitionController } from './definitions/definition-controller.ts';
import { deploymentController } from './deployment/deployment-controller.ts';
import { endpointsController } from './endpoints/endpoints-controller.ts';
import { flowSchemaController } from './flow-schema-controller.ts';
import { garbageCollector } from './garbage/garbage-collector.ts';
import { jobController } from './job/job-controller.ts';
import { nodeTtlController } from './nodes/node-ttl-controller.ts';
import { taintEvictionController } from './nodes/taint-eviction-controller.ts';
import { mirroringController } from './endpoints/mirroring-controller.ts';
import { namespaceController } from './namespace/namespace-controller.ts';
import { nodeLifecycleController } from './node-lifecycle-controller.ts';
import { podGarbageController } from './pod-garbage-controller.ts';
import { policyControllers } from './policy-controllers.ts';
import { replicaSetController, replicationController } from './replicaset/replicaset-controller.ts';
import { rootCaController, serviceAccountController } from './service-account-controller.ts';
import { serviceAddressController } from './service-address-controller.ts';
import { serviceCidrController } from './service-cidr-controller.ts';
import { statefulSetController } from './statefulset/statefulset-controller.ts';
import { tokenSecretController } from './tokens/token-secret-controller.ts';
import type { StorageDriver } from './volumes/storage-driver.ts';
import { volumeControllers } from './volumes/volume-controllers.ts';

export interface ControllersOptions {
  /** Acts as `system:masters`; most controllers act as their own accounts. */
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Published to every namespace as `kube-root-ca.crt`; absent: not published. */
  readonly caPem?: string;
  /** Signs approved certificate requests; absent: nobody does. */
  readonly signCertificate?: SignCertificate;
  /** What makes volumes; without them only volumes that are there can be bound. */
  readonly storageDrivers?: readonly StorageDriver[];
}

/** Each with the service account it acts as; the roles of the real ones' accounts are bootstrapped. */
const ordinary: readonly (readonly [make: MakeController, account: string])[] = [
  [namespaceController, 'namespace-controller'],
  [serviceAccountController, 'service-account-controller'],
  [clusterRoleAggregationController, 'clusterrole-aggregation-controller'],
  [deploymentController, 'deployment-controller'],
  [replicaSetController, 'replicaset-controller'],
  [replicationController, 'replication-controller'],
  [statefulSetController, 'statefulset-controller'],
  [daemonSetController, 'daemon-set-controller'],
  [jobController, 'job-controller'],
  [cronJobController, 'cronjob-controller'],
  [autoscalerController, 'horizontal-pod-autoscaler'],
  [endpointsController, 'endpoint-controller'],
  [serviceCidrController, 'service-cidrs-controller'],
  [mirroringController, 'endpointslicemirroring-controller'],
  [nodeLifecycleController, 'node-controller'],
  [taintEvictionController, 'node-controller'],
  [nodeTtlController, 'ttl-controller'],
  [podGarbageController, 'pod-garbage-collector'],
  [garbageCollector, 'generic-garbage-collector'],
  ...policyControllers,
];

/** What a real API server does by itself, in its own name. */
const ofApiServer: readonly MakeController[] = [definitionController, flowSchemaController, serviceAddressController];

/** Starts all controllers; they work from the first list of their kinds on, without anybody waiting for it. */
export function startControllers({
  clock,
  log,
  caPem,
  signCertificate,
  storageDrivers = [],
  ...options
}: ControllersOptions): { stop(): Promise<void> } {
  const client = options.client.as('system:kube-controller-manager');
  const informers = new InformerSet({ client, clock, log });
  const recorders: EventRecorder[] = [];
  const recorder = (component: string): EventRecorder => {
    const made = new EventRecorder({ client, clock, log, component });
    recorders.push(made);
    return made;
  };
  const context: ControllerContext = { client, clock, log, informers, recorder };
  const signing = signCertificate
    ? [[certificateSigningController(signCertificate), 'certificate-controller'] as const]
    : [];
  const rootCa = caPem
    ? ([
        [rootCaController(caPem), 'root-ca-cert-publisher'],
        [tokenSecretController(caPem), 'service-account-controller'],
      ] as const)
    : [];
  const controllers: Controller[] = [
    ...[...ordinary, ...volumeControllers(storageDrivers), ...rootCa, ...signing].map(([make, account]) =>
      make({ ...context, client: asController(client, account) }),
    ),
    ...ofApiServer.map((make) => make({ ...context, client: options.client })),
  ];
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
