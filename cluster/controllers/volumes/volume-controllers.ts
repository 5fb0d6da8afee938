import type { MakeController } from '../../reconcile/controller.ts';
import { claimRetentionController } from './claim-retention-controller.ts';
import { ephemeralVolumeController } from './ephemeral-volume-controller.ts';
import { expandController } from './expand-controller.ts';
import { provisionerController } from './provisioner-controller.ts';
import type { StorageDriver } from './storage-driver.ts';
import { volumeBinderController } from './volume-binder-controller.ts';

const binder = 'persistent-volume-binder';

/** The controllers of volumes, each with the service account it acts as. */
export function volumeControllers(
  drivers: readonly StorageDriver[],
): readonly (readonly [make: MakeController, account: string])[] {
  return [
    [volumeBinderController, binder],
    [ephemeralVolumeController, 'ephemeral-volume-controller'],
    [claimRetentionController, 'statefulset-controller'],
    [expandController(drivers.map(({ name }) => name)), 'expand-controller'],
    // A provisioner may do what the binder may, and reads snapshots where there are any.
    ...drivers.map((driver) => [provisionerController(driver), 'volume-provisioner'] as const),
  ];
}
