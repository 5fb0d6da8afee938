import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError } from '@kit/base';
import type { Origin, StorageDriver } from './storage-driver.ts';
import type { Volume } from './storage-kinds.ts';

/** Provisioner of volumes that are folders of this machine. */
export const localPathName = 'local-path.volume.cluster.local';

const everybody = 0o777;
const safeName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** Volumes and snapshots as folders below one folder; a pod reaches its volume on the node it was made for. */
export class LocalPathStorage implements StorageDriver {
  readonly name = localPathName;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async create({ name, node, origin }: Parameters<StorageDriver['create']>[0]): ReturnType<StorageDriver['create']> {
    if (!node) throw new ApiError('Invalid', 'configuration error, no node was specified');
    const path = this.#path('volumes', name);
    await fill(path, origin && this.#originPath(origin));
    return {
      hostPath: { path, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onNode(node)] }] } },
    };
  }

  async remove({ metadata }: Volume): Promise<void> {
    await rm(this.#path('volumes', metadata.name), { recursive: true, force: true });
  }

  async snapshot({ metadata }: Volume, handle: string): Promise<void> {
    await fill(this.#path('snapshots', handle), this.#path('volumes', metadata.name));
  }

  async removeSnapshot(handle: string): Promise<void> {
    await rm(this.#path('snapshots', handle), { recursive: true, force: true });
  }

  #originPath(origin: Origin): string {
    return origin.kind === 'volume'
      ? this.#path('volumes', origin.volume.metadata.name)
      : this.#path('snapshots', origin.handle);
  }

  // Names come from objects that users may write: they must not lead out of the folder.
  #path(kind: 'volumes' | 'snapshots', name: string): string {
    if (!safeName.test(name) || name.includes('..'))
      throw new ApiError('Invalid', `"${name}" is no name of a local volume`);
    return join(this.#folder, kind, name);
  }
}

function onNode(node: string): { key: string; operator: string; values: string[] } {
  return { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
}

/** Makes the folder, at once with all of its content: what is half copied is never taken for a volume. */
async function fill(path: string, from: string | undefined): Promise<void> {
  if (!from) {
    await mkdir(path, { recursive: true });
    return chmod(path, everybody);
  }
  const half = `${path}.copying`;
  await rm(half, { recursive: true, force: true });
  await cp(from, half, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  await chmod(half, everybody);
  await rm(path, { recursive: true, force: true });
  await rename(half, path);
}
