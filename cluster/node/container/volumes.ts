import { posix } from 'node:path';
import { fileNode, type FolderNode, folderNode } from '../files/file-node.ts';
import type { ContainerSpec, Pod, PodVolume, ProjectedSource, VolumeItem } from '../../reconcile/pod.ts';
import { ConfigProblem, type Configuration, type SourceKind, type SourceRef } from './configuration.ts';
import { containerResource, podField } from './pod-fields.ts';

/** What a volume holds, by path. */
type Files = Map<string, { readonly content: Buffer; readonly mode: number }>;

export interface VolumeSetting {
  readonly configuration: Configuration;
  readonly pod: Pod;
  readonly ip: string;
  readonly nowMs: number;
}

interface KeyedSource extends SourceRef {
  readonly items?: readonly VolumeItem[];
  readonly defaultMode?: number;
}

async function keyed(kind: SourceKind, source: KeyedSource, { configuration, pod }: VolumeSetting): Promise<Files> {
  const content = (await configuration.source(kind, pod.metadata.namespace ?? '', source)) ?? new Map<string, Buffer>();
  const mode = source.defaultMode ?? 0o644;
  if (!source.items) return new Map([...content].map(([key, bytes]) => [key, { content: bytes, mode }]));
  const files: Files = new Map();
  for (const item of source.items) {
    const bytes = content.get(item.key ?? '');
    if (bytes) files.set(item.path, { content: bytes, mode: item.mode ?? mode });
    else if (!source.optional)
      throw new ConfigProblem(`${kind.toLowerCase()} references non-existent config key: ${item.key}`);
  }
  return files;
}

function downward(items: readonly VolumeItem[], { pod, ip }: VolumeSetting): Files {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const textOf = ({ fieldRef, resourceFieldRef }: VolumeItem): string => {
    if (fieldRef) return podField(pod, fieldRef.fieldPath, ip);
    const container = containers.find(({ name }) => name === resourceFieldRef?.containerName);
    return resourceFieldRef && container ? containerResource(container, resourceFieldRef) : '';
  };
  return new Map(items.map((item) => [item.path, { content: Buffer.from(textOf(item)), mode: item.mode ?? 0o644 }]));
}

async function tokenFile(
  source: NonNullable<ProjectedSource['serviceAccountToken']>,
  { configuration, pod }: VolumeSetting,
): Promise<Files> {
  const { name, namespace = '', uid } = pod.metadata;
  const { audience, expirationSeconds = 3600, path } = source;
  const token = await configuration.token(namespace, String(pod.spec.serviceAccountName ?? 'default'), {
    ...(audience && { audiences: [audience] }),
    expirationSeconds,
    boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
  });
  return new Map([[path, { content: Buffer.from(token), mode: 0o644 }]]);
}

async function projected(sources: readonly ProjectedSource[], setting: VolumeSetting): Promise<Files> {
  const files: Files = new Map();
  for (const { configMap, secret, downwardAPI, serviceAccountToken } of sources) {
    const parts = [
      configMap && (await keyed('ConfigMap', configMap, setting)),
      secret && (await keyed('Secret', secret, setting)),
      downwardAPI && downward(downwardAPI.items ?? [], setting),
      serviceAccountToken && (await tokenFile(serviceAccountToken, setting)),
    ];
    for (const part of parts) for (const [path, file] of part ?? []) files.set(path, file);
  }
  return files;
}

/** What the cluster puts into a volume; undefined for one that containers fill themselves. Throws `ConfigProblem`. */
async function filesOf(volume: PodVolume, setting: VolumeSetting): Promise<Files | undefined> {
  const { configMap, secret, downwardAPI } = volume;
  if (configMap) return keyed('ConfigMap', configMap, setting);
  if (secret) return keyed('Secret', { ...secret, ...(secret.secretName && { name: secret.secretName }) }, setting);
  if (downwardAPI) return downward(downwardAPI.items ?? [], setting);
  return volume.projected ? projected(volume.projected.sources ?? [], setting) : undefined;
}

/** Laid out as a node does it, so that all files change at once: the names are links into a folder with a date. */
function published(files: Files, nowMs: number): FolderNode {
  const root = folderNode(nowMs, 0o777);
  const dated = `..${new Date(nowMs).toISOString().replace(/[-:T]/g, '_').slice(0, 19)}.1000000000`;
  const data = folderNode(nowMs);
  root.entries.set(dated, data);
  root.entries.set('..data', { is: 'link', mode: 0o777, modifiedMs: nowMs, target: dated });
  for (const [path, { content, mode }] of files) {
    const names = path.split('/').filter(Boolean);
    let folder = data;
    for (const name of names.slice(0, -1)) {
      const inner = folder.entries.get(name);
      const next = inner?.is === 'folder' ? inner : folderNode(nowMs);
      folder.entries.set(name, next);
      folder = next;
    }
    folder.entries.set(names.at(-1) ?? '', fileNode(content, nowMs, mode));
    const [top = ''] = names;
    root.entries.set(top, { is: 'link', mode: 0o777, modifiedMs: nowMs, target: posix.join('..data', top) });
  }
  root.readOnly = true;
  return root;
}

/** The volumes of a pod: what the cluster fills is made anew each time, the rest belongs to the pod and stays. */
export async function podVolumes(
  setting: VolumeSetting,
  kept: Map<string, FolderNode>,
): Promise<Map<string, FolderNode>> {
  const volumes = new Map<string, FolderNode>();
  for (const volume of setting.pod.spec.volumes ?? []) {
    const files = await filesOf(volume, setting);
    const folder = files
      ? published(files, setting.nowMs)
      : (kept.get(volume.name) ?? folderNode(setting.nowMs, 0o777));
    if (!files) kept.set(volume.name, folder);
    volumes.set(volume.name, folder);
  }
  return volumes;
}

/** Without the tokens in it: they can always be made. */
function withoutTokens(volume: PodVolume): PodVolume {
  if (!volume.projected) return volume;
  const sources = (volume.projected.sources ?? []).map(({ serviceAccountToken: _token, ...rest }) => rest);
  return { ...volume, projected: { sources } };
}

/** Why a volume cannot be mounted, in the words of a node; undefined when all can. */
export async function mountProblem(setting: VolumeSetting): Promise<string | undefined> {
  const filled = (setting.pod.spec.volumes ?? []).filter((one) => one.configMap ?? one.secret ?? one.projected);
  for (const volume of filled) {
    try {
      await filesOf(withoutTokens(volume), setting);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      return `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error.message}`;
    }
  }
  return undefined;
}

/** Does the container name anything that may be missing? Only then is it worth a look. */
export function needsConfiguration({ env = [], envFrom = [] }: ContainerSpec): boolean {
  return envFrom.length > 0 || env.some(({ valueFrom }) => valueFrom?.configMapKeyRef ?? valueFrom?.secretKeyRef);
}
