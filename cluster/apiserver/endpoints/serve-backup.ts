import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ApiServerParts } from '../api-server-parts.ts';
import type { Exchange } from './respond.ts';

/**
 * Answers with a backup of the whole cluster, keys and secrets included, as of a moment during the request. The path is
 * ours: only who may get every path that is no resource may have it.
 */
export async function serveBackup(parts: ApiServerParts, { response }: Exchange): Promise<void> {
  const draft = join(tmpdir(), `cluster-backup-${randomUUID()}.db`);
  try {
    await (parts.backUp?.(draft) ?? parts.storage.backup(draft)); // a cluster in memory says that it has none
    const { size } = await stat(draft);
    response.writeHead(200, {
      'Content-Type': 'application/vnd.sqlite3',
      'Content-Length': size,
      'Cache-Control': 'no-store',
    });
    await pipeline(createReadStream(draft), response);
  } finally {
    await rm(draft, { force: true });
  }
}
