import { createWriteStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiError, silentLogger, systemClock } from '@kit/base';
import { createKubeClient, readKubeconfig } from '@kit/kube';
import { backupCluster } from '@cluster/embedded';
import { openDataFolder } from './data-folder.ts';

/** The process that runs the cluster hands its backup out; nobody else may read its file. */
async function download(kubeconfig: string, file: string): Promise<void> {
  const kube = createKubeClient(readKubeconfig(readFileSync(kubeconfig, 'utf8')), {
    log: silentLogger,
    clock: systemClock,
  });
  try {
    const { status, body } = await kube.raw({ method: 'GET', path: '/backup' });
    if (status !== 200) throw new ApiError('ServiceUnavailable', `the running cluster gives no backup (${status})`);
    await pipeline(body, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } finally {
    await kube.close();
  }
}

/** Writes the cluster of a data folder into `file`, whole or not at all; throws one sentence when it cannot. */
export async function writeBackup(data: string, file: string): Promise<void> {
  if (existsSync(file)) throw new ApiError('AlreadyExists', `${file} is there already; name another file`);
  if (!existsSync(join(data, 'cluster/cluster.db'))) throw new ApiError('NotFound', `there is no cluster in ${data}`);
  const draft = `${file}.part`;
  rmSync(draft, { force: true }); // of a backup that was interrupted
  try {
    const folder = openIfFree(data);
    if (folder) await backupCluster(folder.file('cluster'), draft).finally(() => folder.release());
    else await download(join(data, 'kubeconfig'), draft);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The folder, or nothing while another process runs the cluster in it. */
function openIfFree(data: string): ReturnType<typeof openDataFolder> | undefined {
  try {
    return openDataFolder(data);
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'Conflict') return undefined;
    throw error;
  }
}
