import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import { asController } from '../../reconcile/controller-account.ts';
import { EventRecorder } from '../../reconcile/event-recorder.ts';
import { InformerSet } from '../../reconcile/informer-set.ts';
import type { StorageDriver } from './storage-driver.ts';
import { volumeControllers } from './volume-controllers.ts';

/** Starts the controllers of volumes alone, for a cluster that has no others. */
export function startVolumeControllers(options: {
  client: ClusterClient;
  clock: Clock;
  log: Logger;
  drivers?: readonly StorageDriver[];
  /** Others to start beside them. */
  also?: ReturnType<typeof volumeControllers>;
}): { stop(): Promise<void> } {
  const { clock, log, drivers = [], also = [] } = options;
  const client = options.client.as('system:kube-controller-manager');
  const informers = new InformerSet({ client, clock, log });
  const recorder = (component: string): EventRecorder => new EventRecorder({ client, clock, log, component });
  const shared = { clock, log, informers, recorder };
  const controllers = [...volumeControllers(drivers), ...also].map(([make, account]) =>
    make({ ...shared, client: asController(options.client, account) }),
  );
  void informers.start().then(() => controllers.forEach((controller) => controller.start()));
  return {
    stop: async () => {
      informers.stop();
      await Promise.all(controllers.map((controller) => controller.stop()));
    },
  };
}
