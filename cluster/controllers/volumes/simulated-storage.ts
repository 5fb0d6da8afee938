import type { Origin, StorageDriver } from './storage-driver.ts';

/** Provisioner of volumes that only pretend to be there. */
export const simulatedStorageName = 'simulated.volume.cluster.local';

function originOf(origin: Origin | undefined): Record<string, string> {
  if (!origin) return {};
  return { copyOf: origin.kind === 'volume' ? `volume/${origin.volume.metadata.name}` : `snapshot/${origin.handle}` };
}

/** Volumes without any bytes, as if on a network that every node reaches; each says so in its attributes. */
export const simulatedStorage: StorageDriver = {
  name: simulatedStorageName,
  create: async ({ name, origin }) => {
    const volumeAttributes = { simulated: 'true', ...originOf(origin) };
    return { csi: { driver: simulatedStorageName, volumeHandle: name, volumeAttributes } };
  },
  remove: async () => undefined,
  snapshot: async () => undefined,
  removeSnapshot: async () => undefined,
};
