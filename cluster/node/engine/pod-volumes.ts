import type { Stats } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { ClusterClient, ClusterObject } from '../../client.ts';
import { quantity } from '../../reconcile/quantity.ts';
import { ConfigProblem, type Configuration } from '../container/configuration.ts';
import { podVolumes } from '../container/volumes.ts';
import { type Mount, withVariables } from './container-config.ts';
import type { EngineContainer, EnginePod, FolderVolume, VolumeMount } from './engine-pod.ts';
import { publishVolume } from './published-volume.ts';
import { folderBytes } from './folder-size.ts';
import { runCommand } from './run-command.ts';

export interface PodVolumesOptions {
  readonly client: ClusterClient;
  readonly configuration: Configuration;
  /** Where the folders of all pods are. */
  readonly folder: string;
  /** Where the folders of simulated persistent volumes are. */
  readonly claimsFolder: string;
}

/** Says why a volume of a pod cannot be mounted. */
export class MountProblem extends Error {}

const claims = { group: '', resource: 'persistentvolumeclaims' };
const simulatedDriver = 'simulated.volume.cluster.local';
const persistentVolumes = { group: '', resource: 'persistentvolumes' };

interface Claim extends ClusterObject {
  readonly spec?: { readonly volumeName?: string };
}
interface Persistent extends ClusterObject {
  readonly spec?: {
    readonly hostPath?: { path: string; type?: string };
    readonly local?: { path: string };
    readonly csi?: { driver: string };
  };
}

/** Folders behind the volumes of pods. */
export class PodVolumes {
  readonly #options: PodVolumesOptions;

  constructor(options: PodVolumesOptions) {
    this.#options = options;
  }

  /** The pod's own folder; nothing of it is left when the pod is gone. */
  folderOf(uid: string): string {
    return join(this.#options.folder, uid);
  }

  /** Makes every volume ready, and writes anew what the cluster puts into it. Throws `MountProblem`. */
  async prepare(pod: EnginePod, ip: string, nowMs: number): Promise<void> {
    const volumes: readonly FolderVolume[] = pod.spec.volumes ?? [];
    for (const volume of volumes) {
      try {
        await this.#prepareOne(pod, volume, { ip, nowMs });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new MountProblem(`MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${why}`, {
          cause: error,
        });
      }
    }
  }

  async #prepareOne(pod: EnginePod, volume: FolderVolume, of: { ip: string; nowMs: number }): Promise<void> {
    const { configuration } = this.#options;
    const folder = this.#volumeFolder(pod, volume.name);
    const group = pod.spec.securityContext?.fsGroup;
    if (volume.emptyDir) return this.#emptyFolder(folder, volume.emptyDir, group);
    if (volume.hostPath) return ensureHostPath(volume.hostPath);
    if (isClaimed(volume)) {
      const path = await this.#claimedPath(pod, volume);
      if (group !== undefined) await giveToGroup(path, group);
      return;
    }
    const only = { ...pod, spec: { ...pod.spec, volumes: [volume] } };
    const filled = await podVolumes({ configuration, pod: only, ...of }, new Map());
    const content = filled.get(volume.name);
    if (!content?.readOnly) throw new ConfigProblem('volumes of this sort are not known to this node');
    await publishVolume(folder, content, group);
  }

  async #emptyFolder(
    folder: string,
    { medium, sizeLimit }: NonNullable<FolderVolume['emptyDir']>,
    group: number | undefined,
  ): Promise<void> {
    if (await stat(folder).catch(() => undefined)) return;
    await mkdir(folder, { recursive: true });
    const size = quantity(sizeLimit);
    const options = size > 0 ? ['-o', `size=${Math.floor(size)}`] : [];
    if (medium === 'Memory') await runCommand('mount', ['-t', 'tmpfs', ...options, 'tmpfs', folder]);
    await chmod(folder, 0o777);
    if (group !== undefined) await giveToGroup(folder, group);
  }

  async #claimedPath(pod: EnginePod, mounted: FolderVolume): Promise<string> {
    const { client } = this.#options;
    const name = mounted.persistentVolumeClaim?.claimName ?? `${pod.metadata.name}-${mounted.name}`;
    const claim = (await client.get(claims, pod.metadata.namespace, name)) as Claim; // its schema has been checked
    const bound = claim.spec?.volumeName;
    if (!bound) throw new ConfigProblem(`persistentvolumeclaim ${JSON.stringify(name)} is not bound`);
    const volume = (await client.get(persistentVolumes, undefined, bound)) as Persistent; // as above
    const hostPath = this.#placeOf(volume);
    if (!hostPath) throw new ConfigProblem(`the volume ${bound} is no folder of this machine`);
    await ensureHostPath(hostPath);
    // Whoever a container runs as may write: a simulated volume is nobody's.
    if (volume.spec?.csi) await chmod(hostPath.path, 0o777);
    return hostPath.path;
  }

  #placeOf({ metadata, spec = {} }: Persistent): HostPath | undefined {
    const { csi, hostPath, local } = spec;
    if (csi?.driver === simulatedDriver) return { path: join(this.#options.claimsFolder, metadata.name) };
    return hostPath ?? (local && { path: local.path });
  }

  /** The mounts of one container, parts of volumes included. Throws `ConfigProblem`. */
  async mountsOf(
    pod: EnginePod,
    container: EngineContainer,
    environment: ReadonlyMap<string, string>,
  ): Promise<Mount[]> {
    const mounts: Mount[] = [];
    for (const mount of container.volumeMounts ?? []) {
      const whole = await this.#sourceOf(pod, mount.name);
      const subPath = mount.subPathExpr ? withVariables(mount.subPathExpr, environment) : mount.subPath;
      const source = subPath ? await partOf(whole.path, subPath, whole.isFilled) : whole.path;
      const readOnly = mount.readOnly === true || whole.isFilled || whole.readOnly;
      mounts.push({ source, target: mount.mountPath, readOnly, ...propagationOf(mount) });
    }
    return mounts;
  }

  async #sourceOf(pod: EnginePod, name: string): Promise<{ path: string; isFilled: boolean; readOnly: boolean }> {
    const volumes: readonly FolderVolume[] = pod.spec.volumes ?? [];
    const volume = volumes.find((one) => one.name === name);
    if (volume?.hostPath) return { path: volume.hostPath.path, isFilled: false, readOnly: false };
    if (!volume || !isClaimed(volume))
      return { path: this.#volumeFolder(pod, name), isFilled: !volume?.emptyDir, readOnly: false };
    const readOnly = volume.persistentVolumeClaim?.readOnly === true;
    return { path: await this.#claimedPath(pod, volume), isFilled: false, readOnly };
  }

  #volumeFolder(pod: EnginePod, name: string): string {
    return join(this.folderOf(pod.metadata.uid ?? ''), 'volumes', name);
  }

  /** A file of the pod's own, such as the one its containers find as `/etc/hosts`. */
  async writeFile(pod: EnginePod, name: string, { content = '', mode = 0o644 }): Promise<string> {
    const path = join(this.folderOf(pod.metadata.uid ?? ''), name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === content) return path;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  }

  /** What is wrong with how full the pod's own volumes are, in the words of a node; undefined when nothing is. */
  async overfull(pod: EnginePod): Promise<string | undefined> {
    for (const { name, emptyDir } of limitedVolumes(pod)) {
      const { sizeLimit } = emptyDir;
      if ((await folderBytes(this.#volumeFolder(pod, name))) > quantity(sizeLimit))
        return `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(sizeLimit)}. `;
    }
    return undefined;
  }

  /** Takes away the folders of simulated volumes that are no more. */
  async removeGone(exists: (volume: string) => Promise<boolean>): Promise<void> {
    const { claimsFolder } = this.#options;
    for (const name of await readdir(claimsFolder).catch(() => []))
      if (!(await exists(name))) await rm(join(claimsFolder, name), { recursive: true, force: true });
  }

  /** Takes away what the pod had; volumes of the machine and of the cluster stay. */
  async remove(uid: string): Promise<void> {
    const volumes = join(this.folderOf(uid), 'volumes');
    for (const name of await readdir(volumes).catch(() => []))
      await runCommand('umount', ['-l', join(volumes, name)]).catch(() => undefined); // most are no mounts
    await rm(this.folderOf(uid), { recursive: true, force: true });
  }
}

type LimitedVolume = FolderVolume & { readonly emptyDir: NonNullable<FolderVolume['emptyDir']> };

/** Those whose size somebody has to look after: one in memory cannot grow beyond its own. */
export function limitedVolumes(pod: EnginePod): LimitedVolume[] {
  const volumes: readonly FolderVolume[] = pod.spec.volumes ?? [];
  return volumes.filter(
    (one): one is LimitedVolume => quantity(one.emptyDir?.sizeLimit) > 0 && one.emptyDir?.medium !== 'Memory',
  );
}

function propagationOf({ mountPropagation }: VolumeMount): { propagation?: string } {
  if (mountPropagation === 'HostToContainer') return { propagation: 'rslave' };
  return mountPropagation === 'Bidirectional' ? { propagation: 'rshared' } : {};
}

async function giveToGroup(path: string, group: number): Promise<void> {
  await chown(path, -1, group);
  await chmod(path, 0o2775);
}

type HostPath = NonNullable<FolderVolume['hostPath']>;

const fits: Readonly<Record<string, (found: Stats | undefined) => boolean | undefined>> = {
  Directory: (found) => found?.isDirectory(),
  File: (found) => found?.isFile(),
  Socket: (found) => found?.isSocket(),
  CharDevice: (found) => found?.isCharacterDevice(),
  BlockDevice: (found) => found?.isBlockDevice(),
};

async function ensureHostPath({ path, type = '' }: HostPath): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (fits[type]?.(found) === false || (fits[type] && !found))
    throw new ConfigProblem(`hostPath type check failed: ${path} is not a ${type.toLowerCase()}`);
  if (found) return;
  if (type === 'DirectoryOrCreate' || type === '') await mkdir(path, { recursive: true, mode: 0o755 });
  if (type === 'FileOrCreate') await writeFile(path, '', { mode: 0o644 });
}

function isClaimed({ persistentVolumeClaim, ephemeral }: FolderVolume): boolean {
  return persistentVolumeClaim !== undefined || ephemeral !== undefined;
}

/** A path inside a volume. What is inside may be links that a container has made: none may lead out. */
async function partOf(volume: string, subPath: string, isFilled: boolean): Promise<string> {
  const root = await realpath(volume);
  const { mode } = await stat(root);
  let current = root;
  for (const name of subPath.split('/').filter((part) => part !== '' && part !== '.')) {
    const next = join(current, name);
    // Who may write into the volume may write into its parts; this one may be there, or be a file.
    if (!isFilled)
      await mkdir(next).then(
        () => chmod(next, mode & 0o7777),
        () => undefined,
      );
    const real = await realpath(next).catch(() => undefined);
    const problem = 'failed to prepare subPath for volumeMount';
    if (real === undefined) throw new ConfigProblem(`${problem}: ${subPath} does not exist`);
    if (real !== root && !real.startsWith(root + sep)) throw new ConfigProblem(`${problem}: ${subPath} leads out`);
    current = real;
  }
  return current;
}
