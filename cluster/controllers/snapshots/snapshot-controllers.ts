import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from '../../client.ts';
import { type Controller, type ControllerContext, QueueController } from '../../reconcile/controller.ts';
import { asController } from '../../reconcile/controller-account.ts';
import { EventRecorder } from '../../reconcile/event-recorder.ts';
import { InformerSet } from '../../reconcile/informer-set.ts';
import { keyOf, splitKey } from '../../reconcile/object-key.ts';
import type { StorageDriver } from '../volumes/storage-driver.ts';
import type { VolumeSnapshot } from './snapshot-kinds.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { syncContent } from './sync-content.ts';
import { syncSnapshot } from './sync-snapshot.ts';

function snapshotController(context: ControllerContext, store: SnapshotStore): Controller {
  const events = context.recorder('snapshot-controller');
  const ofClaim = 'claim';
  store.snapshots.addIndex(ofClaim, ({ metadata, spec }) => [
    `${metadata.namespace ?? ''}/${spec.source.persistentVolumeClaimName ?? ''}`,
  ]);

  async function reconcile(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const snapshot = store.snapshots.get(namespace, name);
    if (snapshot) await syncSnapshot({ store, events, clock: context.clock }, snapshot);
  }

  const isOpen = ({ status }: VolumeSnapshot): boolean => !status?.readyToUse;
  return new QueueController(context, { name: 'snapshot-controller', reconcile })
    .feed(store.snapshots, (snapshot) => [keyOf(snapshot)])
    .feed(store.contents, ({ spec: { volumeSnapshotRef } }) => [
      `${volumeSnapshotRef.namespace ?? ''}/${volumeSnapshotRef.name ?? ''}`,
    ])
    .feed(store.claims, (claim) => store.snapshots.byIndex(ofClaim, keyOf(claim)).filter(isOpen).map(keyOf))
    .feed(store.classes, () => [...store.snapshots.all()].filter(isOpen).map(keyOf));
}

function contentController(
  context: ControllerContext,
  store: SnapshotStore,
  drivers: readonly StorageDriver[],
): Controller {
  const byName = new Map(drivers.map((driver) => [driver.name, driver]));

  async function reconcile(name: string): Promise<void> {
    const content = store.contents.get(undefined, name);
    if (content) await syncContent({ store, drivers: byName, clock: context.clock }, content);
  }

  return (
    new QueueController(context, { name: 'snapshot-content-controller', reconcile })
      .feed(store.contents, ({ metadata }) => [metadata.name])
      // A content that waits for its snapshot to go is looked at again when it does.
      .feed(store.snapshots, ({ status }) =>
        status?.boundVolumeSnapshotContentName ? [status.boundVolumeSnapshotContentName] : [],
      )
  );
}

/** Starts what makes snapshots of volumes true; it waits until their kinds are defined. */
export function startSnapshotControllers(options: {
  client: ClusterClient;
  clock: Clock;
  log: Logger;
  drivers: readonly StorageDriver[];
}): { stop(): Promise<void> } {
  const { clock, log, drivers } = options;
  const client = asController(options.client, 'snapshot-controller');
  const informers = new InformerSet({ client, clock, log });
  const recorder = (component: string): EventRecorder => new EventRecorder({ client, clock, log, component });
  const context = { client, clock, log, informers, recorder };
  const store = new SnapshotStore(informers, client);
  const controllers = [snapshotController(context, store), contentController(context, store, drivers)];
  let stopped = false;
  void informers.start().then(() => {
    if (!stopped) for (const controller of controllers) controller.start();
  });
  return {
    stop: async () => {
      stopped = true;
      informers.stop();
      await Promise.all(controllers.map((controller) => controller.stop()));
    },
  };
}
