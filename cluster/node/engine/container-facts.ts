import { readFile } from 'node:fs/promises';
import type { EngineContainer } from './engine-pod.ts';

/** Who a container's first process runs as. */
export interface LinuxUser {
  readonly uid: number;
  readonly gid: number;
  readonly supplementalGroups: readonly number[];
}

/** As the kernel says; undefined when the process is gone. */
export async function processUser(pid: number): Promise<LinuxUser | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const numbers = (name: string): number[] =>
    (new RegExp(`^${name}:(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/).filter(Boolean).map(Number);
  const [, uid] = numbers('Uid');
  const [, gid] = numbers('Gid');
  if (uid === undefined || gid === undefined) return undefined;
  return { uid, gid, supplementalGroups: [...new Set([gid, ...numbers('Groups')])] };
}

/** What a container's status repeats of its specification, for what has been made of it. */
export function allocation({ resources = {} }: EngineContainer): Record<string, unknown> {
  const { requests, limits } = resources;
  return {
    ...(requests && { allocatedResources: requests }),
    resources: { ...(limits && { limits }), ...(requests && { requests }) },
  };
}

/** How the volumes of a container are mounted. */
export function mountStatuses({ volumeMounts = [] }: EngineContainer): Record<string, unknown> {
  if (volumeMounts.length === 0) return {};
  const volumes = volumeMounts.map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly && { readOnly, recursiveReadOnly: 'Disabled' }),
  }));
  return { volumeMounts: volumes };
}
