import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ApiError } from '@kit/base';
import type { Attachment } from './commit-log.ts';

type Answer =
  | { readonly type: 'restored'; readonly attachments: readonly Attachment[] }
  | { readonly type: 'unusable'; readonly problem: string };

/**
 * Makes the copy of a backup at `path` a database to start from, and answers the files that came with it. Its revisions
 * go on far behind all that were given out, so that whoever watched the old cluster lists anew. Throws one sentence.
 */
export async function restoreBackup(path: string): Promise<readonly Attachment[]> {
  const worker = new Worker(new URL('./commit-worker.js', import.meta.url), { workerData: { path, restore: true } });
  const [answer] = (await once(worker, 'message')) as [Answer]; // the worker sends nothing else in this mode
  await worker.terminate();
  if (answer.type === 'restored') return answer.attachments;
  throw new ApiError('Invalid', `the backup cannot be restored: ${answer.problem}`);
}
