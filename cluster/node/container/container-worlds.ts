import { posix } from 'node:path';
import { ApiError, type Clock, delay } from '@kit/base';
import type { ContainerSpec, ContainerStatus, Pod } from '../../reconcile/pod.ts';
import type { FolderNode } from '../files/file-node.ts';
import type { MemoryFiles } from '../files/memory-files.ts';
import type { ShellWorld } from '../shell/shell-world.ts';
import { baseFiles } from './base-files.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { ConfigProblem, type Configuration } from './configuration.ts';
import { containerEnvironment } from './environment.ts';
import { podVolumes } from './volumes.ts';

export interface ContainerWorldsOptions {
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly network: ClusterNetwork;
  readonly commandNames: readonly string[];
}

/** Containers whose files are kept; somebody has worked in each of them. */
const mostKept = 1_000;

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

interface KeptPod {
  /** Volumes that containers of the pod share and fill themselves, by name. */
  readonly volumes: Map<string, FolderNode>;
  /** By container and how often it was restarted: a restart begins with fresh files. */
  readonly containers: Map<string, MemoryFiles>;
}

export interface OpenContainer {
  readonly world: ShellWorld;
  readonly env: Map<string, string>;
  readonly cwd: string;
}

export function containerSpec({ spec }: Pod, name: string): ContainerSpec | undefined {
  return [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find(
    (one) => one.name === name,
  );
}

/** The surroundings of containers that somebody works in, made when they are first needed. */
export class ContainerWorlds {
  readonly #options: ContainerWorldsOptions;
  readonly #pods = new Map<string, KeptPod>();

  constructor(options: ContainerWorldsOptions) {
    this.#options = options;
  }

  forget(podUid: string): void {
    this.#pods.delete(podUid);
  }

  /** Everything a command in the container sees, its volumes as they are now. */
  async open(pod: Pod, container: ContainerSpec, status: ContainerStatus): Promise<OpenContainer> {
    try {
      return await this.#open(pod, container, status.restartCount);
    } catch (error) {
      if (error instanceof ConfigProblem) throw new ApiError('InternalError', error.message, { cause: error });
      throw error;
    }
  }

  async #open(pod: Pod, container: ContainerSpec, restarts: number): Promise<OpenContainer> {
    const { configuration, clock } = this.#options;
    const ip = pod.status?.podIP ?? '';
    const hostname = pod.spec.hostname ?? pod.metadata.name;
    const kept = this.#kept(pod.metadata.uid ?? '');
    const variables = await containerEnvironment(configuration, { pod, container, ip });
    const files = this.#files(kept, pod, { container: container.name, restarts, hostname });
    mountAll(files, container, await podVolumes({ configuration, pod, ip, nowMs: clock.now() }, kept.volumes));
    const env = new Map([['PATH', searchPath], ['HOSTNAME', hostname], ...variables, ['HOME', '/root']]);
    const cwd = container.workingDir ?? '/';
    if (!files.find(cwd)) files.makeFolder(cwd, true);
    return { world: this.#world(pod, container, { files, hostname }), env, cwd };
  }

  #world(pod: Pod, container: ContainerSpec, own: Pick<ShellWorld, 'files' | 'hostname'>): ShellWorld {
    const { clock, network } = this.#options;
    return {
      ...own,
      userId: container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser ?? 0,
      network: network.from(pod.metadata.namespace ?? ''),
      mainCommand: [...(container.command ?? []), ...(container.args ?? [])],
      now: () => clock.now(),
      pause: (ms, signal) => delay(clock, ms, signal).catch(() => undefined), // the signal ends it early
    };
  }

  #kept(uid: string): KeptPod {
    const known = this.#pods.get(uid);
    if (known) return known;
    const made: KeptPod = { volumes: new Map(), containers: new Map() };
    this.#pods.set(uid, made);
    const [oldest] = this.#pods.keys();
    if (this.#pods.size > mostKept && oldest !== undefined) this.#pods.delete(oldest);
    return made;
  }

  #files(kept: KeptPod, pod: Pod, of: { container: string; restarts: number; hostname: string }): MemoryFiles {
    const key = `${of.container}/${of.restarts}`;
    const known = kept.containers.get(key);
    if (known) return known;
    const { namespace = '' } = pod.metadata;
    const { subdomain, nodeName = '' } = pod.spec;
    const files = baseFiles({
      hostname: of.hostname,
      fullName: subdomain && `${of.hostname}.${subdomain}.${namespace}.svc.cluster.local`,
      ip: pod.status?.podIP ?? '',
      namespace,
      node: nodeName,
      commandNames: this.#options.commandNames,
      now: () => this.#options.clock.now(),
    });
    kept.containers.set(key, files);
    return files;
  }
}

function mountAll(
  files: MemoryFiles,
  { volumeMounts = [] }: ContainerSpec,
  volumes: ReadonlyMap<string, FolderNode>,
): void {
  for (const { name, mountPath, subPath, readOnly } of volumeMounts) {
    const folder = volumes.get(name);
    if (!folder) continue;
    if (!subPath) {
      files.mount(mountPath, readOnly ? { ...folder, readOnly: true } : folder);
      continue;
    }
    // Looked up through the volume itself: what is inside may be links.
    files.mount('/.mounting', folder);
    const part = files.find(posix.join('/.mounting', subPath));
    files.root.entries.delete('.mounting');
    if (part) files.mount(mountPath, part);
  }
}
