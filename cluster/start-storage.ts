import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Logger } from '@kit/base';
import type { ClusterClient } from './client.ts';
import { startSnapshotControllers } from './controllers/snapshots/snapshot-controllers.ts';
import { installStorage } from './controllers/volumes/install-storage.ts';
import { LocalPathStorage } from './controllers/volumes/local-path-storage.ts';
import { simulatedStorage } from './controllers/volumes/simulated-storage.ts';
import type { StorageDriver } from './controllers/volumes/storage-driver.ts';

/** What keeps volumes, and where: without a data folder they are forgotten with the cluster. */
export interface StorageParts {
  readonly drivers: readonly StorageDriver[];
  /** Installs classes and definitions, and starts what makes snapshots. */
  start(options: { client: ClusterClient; clock: Clock; log: Logger }): { stop(): Promise<void> };
}

/** Prepares the storage of a cluster: the classes `simulated` and `local-path`, with snapshots. */
export function prepareStorage(dataDir: string | undefined): StorageParts {
  const temporary = dataDir ? undefined : mkdtempSync(join(tmpdir(), 'cluster-storage-'));
  const drivers = [simulatedStorage, new LocalPathStorage(temporary ?? join(dataDir ?? '', 'storage'))];
  return {
    drivers,
    start({ client, clock, log }) {
      let snapshots: { stop(): Promise<void> } | undefined;
      let isStopped = false;
      // Who makes snapshots has no rights before the roles are there.
      const started = installStorage(client, clock)
        .catch((error: unknown) => log.warn('the storage classes could not be installed', { error }))
        .then(() => {
          if (!isStopped) snapshots = startSnapshotControllers({ client, clock, log, drivers });
        });
      return {
        async stop() {
          isStopped = true;
          await started;
          await snapshots?.stop();
          if (temporary) await rm(temporary, { recursive: true, force: true });
        },
      };
    },
  };
}
