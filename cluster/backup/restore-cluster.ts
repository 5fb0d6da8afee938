import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ApiError } from '@kit/base';
import { restoreBackup } from '../apiserver/storage/restore-backup.ts';

/**
 * Makes `dataDir` the cluster that was written into `file`; it can be started then. Nothing there is overwritten: throws
 * one sentence when a cluster is there already, or the file is damaged, newer, or no backup.
 */
export async function restoreCluster(file: string, dataDir: string): Promise<void> {
  const database = join(dataDir, 'cluster.db');
  if (existsSync(database))
    throw new ApiError(
      'Conflict',
      `there is a cluster in ${dataDir} already; restore into another folder, or move it away`,
    );
  if (!existsSync(file)) throw new ApiError('NotFound', `there is no backup at ${file}`);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = join(dataDir, 'restored.db');
  try {
    rmSync(draft, { force: true }); // of a restore that was interrupted
    copyFileSync(file, draft, constants.COPYFILE_EXCL);
    chmodSync(draft, 0o600);
    for (const { name, content } of await restoreBackup(draft)) {
      if (!/^pki\/[\w-]+\.(crt|key)$/.test(name))
        throw new ApiError('Invalid', `the backup holds a file that is none of a cluster: ${JSON.stringify(name)}`);
      const path = join(dataDir, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, content, { mode: 0o600 });
    }
    renameSync(draft, database); // the last step: until then there is no cluster here
  } finally {
    rmSync(draft, { force: true });
  }
}
