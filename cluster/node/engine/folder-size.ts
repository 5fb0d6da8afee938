import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const blockBytes = 512;

/** How much of the disk a folder takes with all that is in it; what goes meanwhile is not counted. */
export async function folderBytes(folder: string): Promise<number> {
  const nothing: Dirent[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => nothing);
  let blocks = 0;
  for (const entry of entries) {
    const found = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
    blocks += found?.blocks ?? 0;
  }
  return blocks * blockBytes;
}
