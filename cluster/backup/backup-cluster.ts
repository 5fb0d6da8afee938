import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Storage } from '../apiserver/storage/storage.ts';
import type { Attachment } from '../apiserver/storage/commit-log.ts';

const databaseFile = 'cluster.db';
const pkiFolder = 'pki';

/** The keys and certificates of a cluster: without them no token and no kubeconfig of it would be good any more. */
export function attachmentsOf(dataDir: string): Attachment[] {
  const folder = join(dataDir, pkiFolder);
  return readdirSync(folder).map((name) => ({
    name: `${pkiFolder}/${name}`,
    content: readFileSync(join(folder, name), 'utf8'),
  }));
}

/** Writes a cluster that is not running into one new file; throws one sentence when there is none or it is running. */
export async function backupCluster(dataDir: string, file: string): Promise<void> {
  const storage = await Storage.open({ path: join(dataDir, databaseFile) });
  try {
    await storage.backup(file, attachmentsOf(dataDir));
  } finally {
    await storage.close();
  }
}
